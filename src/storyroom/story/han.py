"""Which characters are Chinese ones."""

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""For a class of a regular expression: Han characters of Unicode's basic plane, compatibility ones included.

They are written as numbers: a compatibility character that is typed turns into its everyday form on the way.
"""
