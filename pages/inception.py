"""The inception page: what the 1×1 reductions of a module save, beside the module without them."""

from ui.shell import page

page()

import streamlit as st

from ui.inception.explorer import LAB, both, explorer, warm_up

LAB.open()
above, below = st.container(), st.container()
with below:  # first, so that the explorer knows what stands there
    both()
with above:
    explorer()
warm_up()
