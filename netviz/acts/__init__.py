"""What happens, act by act: sequences of beats that any scene may put in order.

An act is a function of a scene below ``@act("name", …)``, which declares what the act needs on
screen and what it leaves there. ``netviz.acts.acts_scene`` finds all acts in this folder and plays
them; ``netviz.catalogue`` lists them.
"""
