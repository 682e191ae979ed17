"""Language models behind one seam: `open_model`."""
