"""A page that prints the configuration as the running server has it. Run by a test."""

import json

import streamlit as st

from tests.test_shell_process import OPTIONS

st.code(json.dumps({name: st.get_option(name) for name in OPTIONS}), language=None)
