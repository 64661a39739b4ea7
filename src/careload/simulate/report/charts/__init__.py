"""Pictures of runs: each function takes values and a width, and gives one SVG without a colour of its own."""
