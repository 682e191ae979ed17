"""The workflow as a LangGraph graph, one file per stage."""
