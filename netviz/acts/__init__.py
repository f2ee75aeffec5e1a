"""What happens, act by act: sequences of beats that scenes put in order.

An act is a function of a scene. It plays on the scene's diagram, says what it needs to find on
screen, and cleans up what it alone has brought.
"""
