"""Figures for print: composed for a width on paper and a size of text, in one of several styles."""
