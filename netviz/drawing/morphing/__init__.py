"""How one drawing becomes another: pairs of parts, and what is shown between them."""
