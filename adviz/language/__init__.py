"""Mathematics read and written: characters become formulas, and formulas characters."""
