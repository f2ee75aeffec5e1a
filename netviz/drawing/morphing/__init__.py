"""How a diagram becomes another: which parts belong to which, and what is between them."""
