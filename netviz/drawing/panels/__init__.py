"""What stands beside a diagram: arithmetic, curves, targets, losses. Each fills a box."""
