"""Figures and films in LaTeX: TikZ pictures, and beamer frames whose overlays are the steps."""
