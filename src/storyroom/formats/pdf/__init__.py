"""PDF: the pages of `storyroom.formats.pages`, drawn with fpdf2.

    write_pdf(script, path, PdfOptions(size="a4"))   a whole file or none

Latin text is set in Courier Prime where it is installed, else in the Courier that every PDF reader has. What
that lacks, Chinese above all, comes from fonts found on the system or named by the caller. Fonts are embedded
as far as they are used.
"""

from storyroom.formats.pdf.options import PdfOptions
from storyroom.formats.pdf.write import write_pdf

__all__ = ["PdfOptions", "write_pdf"]
