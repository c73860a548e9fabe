"""One module a screen: a view with one `render(state)` and one `bind`."""
