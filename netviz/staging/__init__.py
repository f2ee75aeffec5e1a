"""What acts and scenes are written with: the scene classes and the declaration of an act.

``netviz.scene`` exports them, together with :class:`~netviz.scene.ActsScene`, which plays acts.
"""
