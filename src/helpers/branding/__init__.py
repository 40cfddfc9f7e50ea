"""Brand: what is promised, what is believed, what people say to each other, and whether it changed."""
