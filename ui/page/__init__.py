"""The Gradio page: ask, library, topics, and for editors adding newsletters and insights.

`page.py` puts the tabs together; a `*_tab.py` holds one tab's components and events, and a `*_html.py` makes what is
shown, from data alone. `ui/static/*.js` is what happens in the browser between two events.
"""
