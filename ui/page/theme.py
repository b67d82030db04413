"""The chat page's look: quiet colours, the system's own fonts, light and dark. Nothing is fetched from elsewhere."""

from __future__ import annotations

import gradio as gr

_TEAL = gr.themes.Color(
    name="teal",
    c50="#eef6f5",
    c100="#d7eae8",
    c200="#b1d6d2",
    c300="#82bdb7",
    c400="#539f98",
    c500="#34827b",
    c600="#1f5f5b",
    c700="#1b504d",
    c800="#17413f",
    c900="#123332",
    c950="#0b2120",
)
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """The theme to mount the page with."""
    base = gr.themes.Base(
        primary_hue=_TEAL,
        secondary_hue=_TEAL,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
    )
    return base.set(
        body_background_fill="#fbfaf8",
        body_background_fill_dark="#15191c",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1b2024",
        block_background_fill_dark="#1b2024",
        background_fill_secondary="#f6f4f0",
        background_fill_secondary_dark="#1f2529",
        input_background_fill="#f6f4f0",
        input_background_fill_dark="#242b31",
        block_label_background_fill_dark="#1b2024",
        input_placeholder_color="#59636b",
        input_placeholder_color_dark="#a3adb5",
        table_even_background_fill_dark="#1b2024",
        table_odd_background_fill_dark="#20262b",
        button_secondary_background_fill="#efece6",
        button_secondary_background_fill_hover="#e6e2da",
        button_secondary_background_fill_dark="#2d353b",
        button_secondary_background_fill_hover_dark="#38424a",
        border_color_primary="#e2ded7",
        border_color_primary_dark="#2d3439",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_500",
        button_primary_text_color="#ffffff",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_300",
        block_border_width="0px",
        block_shadow="none",
    )
