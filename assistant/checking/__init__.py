"""How a sentence is held against the text it cites: words, grammar, quantities, names, polarity, meaning."""
