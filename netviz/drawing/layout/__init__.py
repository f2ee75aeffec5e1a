"""Where everything stands: boxes of the frame, and the neurons of a network in one of them."""
