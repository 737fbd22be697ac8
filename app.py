"""The shell: what is set once, then one top menu."""

import streamlit as st

from ui import contents, faults, process, shell
from ui.words import tr

process.prepare()
# A local icon, and before the pages: the icon of a page would be fetched from a foreign host as the favicon.
st.set_page_config(page_icon=str(shell.FAVICON), layout="wide")
shell.choose_language()

current = st.navigation(
    [
        st.Page(
            entry.file,
            title=tr(entry.title),
            icon=f":material/{entry.icon}:",
            url_path=entry.name,
            default=entry.name == "home",
        )
        for entry in contents.existing()
    ],
    position="top",
)
st.set_page_config(page_title=f"{current.title} · {tr('Architecture explorer')}")
shell.style()
shell.language_switch()
with faults.in_words(), shell.around():
    current.run()
