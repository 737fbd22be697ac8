"""A page that shows hostile text in every place that reads markdown, each through the escapes. Run by a test."""

import plotly.graph_objects as go
import streamlit as st

from ui.shell import head
from ui.text import plain, plotly_text

HOSTILE = (
    "<img src=http://tracker.example/a.png onerror=alert(1)><script>window.ran=1</script> "
    "![i](http://tracker.example/x.png) [j](javascript:alert(1)) $x^2$ :red[r] :material/home: :streamlit: "
    "http://a.example **b** `c` ``d"
)
text = plain(HOSTILE, 400)

head(HOSTILE, HOSTILE)
st.title(text)
st.markdown(text)
st.caption(text)
st.error(text)
st.metric(text, text, text)
st.table({text: [text]})
st.slider(text, 0, 9, key="slider", help=text)
st.button(text, key="button", help=text)
st.radio(text, [text], key="radio")
st.segmented_control(text, [text], key="segmented")
st.tabs([text])
st.expander(text).write("inside")
st.text(HOSTILE)
st.code(HOSTILE, language=None)
st.dataframe({HOSTILE: [HOSTILE]})
title = plotly_text(HOSTILE, 400)
figure = go.Figure(go.Bar(x=[title], y=[1], name=title, text=[title]))
figure.update_layout(title=title, xaxis_title=title, yaxis_title=title)
st.plotly_chart(figure)
