"""The whole main job, driven through the real windows by keyboard events, with proof left behind."""
