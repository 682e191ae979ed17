"""How characters speak, measured; nothing here needs a model.

speech.py      who says what, under which name and alias
words.py       a speech as words, sentences and marks, in English and Chinese
measures.py    length, variety, questions, hedges … of a character's speeches
favourites.py  the words that one uses more than the others
likeness.py    which speeches sound like whom, and how far that can be trusted
slips.py       speeches of a new scene that do not sound like who says them
"""
