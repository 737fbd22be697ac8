"""The convolution page in the browser: pointing, pins, keys, time, modes, links, doors, exercises."""

import re
from typing import Any

from playwright.sync_api import expect

from netlib import Network
from tests.browser.conftest import Visit
from tests.browser.convolution_page import address, held, hover, point, sentence, settles, shows
from ui.convolution.exercises import exercises
from ui.convolution.layer import network_of
from ui.convolution.offers import offered
from ui.convolution.presets import PRESETS
from ui.convolution.state import ConvolutionState
from ui.lab.link import packed
from ui.numbers import dimensions, exact
from ui.shell import FAVICON

PATIENCE = 120_000.0
"""Milliseconds for what PyTorch computes; the first answer waits until it is warm."""


def test_the_page_opens_on_a_layer_that_runs(visit: Visit) -> None:
    tab = visit("/convolution")
    shows(tab)
    expect(tab.page.locator(".code.line")).to_have_text("nn.Conv2d(3, 8, kernel_size=3, stride=2, padding=1)")
    expect(
        tab.page.get_by_text("1 row and 1 column at the end are never read (padding only)")
    ).to_be_visible()
    expect(tab.page.locator(".formula .term.of-output b")).to_have_text("4")
    for part in (".picture-svg", ".code-line", ".totals", ".keep"):
        expect(tab.page.locator(part)).to_be_in_viewport(ratio=1)


def test_gaps_between_windows_are_counted_beside_what_the_floor_drops(visit: Visit) -> None:
    tab = visit(address(size=[8, 8], kernel=[3, 3], dilation=[2, 2], stride=[3, 3], padding=[2, 2]))
    read = {3 * window + 2 * tap - 2 for window in range(3) for tap in range(3)} & set(range(8))
    gaps = 8 * 8 - len(read) ** 2
    said = f"1 row and 1 column at the end are never read (padding only): ⌊2.33⌋ = 2 · nor {gaps} cells"
    expect(tab.page.get_by_text(said)).to_be_visible()


def test_what_cannot_be_reached_offers_no_layer_that_leads_away_from_it(visit: Visit) -> None:
    tab = visit(address(size=[224, 224], goal="size", wanted=[4, 4]))
    expect(tab.page.get_by_text(re.compile("No setting up to kernel .* gives 4 × 4 here"))).to_be_visible()
    expect(tab.page.get_by_role("button", name="Use a transposed convolution")).to_have_count(0)
    tab = visit(address(size=[8, 8], goal="size", wanted=[100, 100]))
    expect(tab.page.get_by_role("button", name="Use a transposed convolution")).to_be_visible()


def test_a_padding_that_pooling_brought_down_comes_back(visit: Visit) -> None:
    tab = visit(address(padding=[3, 3]))
    for name, padding in (("Max", "1"), ("Conv", "3")):
        tab.page.get_by_role("radio", name=name, exact=True).click()
        expect(tab.page.locator(".code.line")).to_contain_text(f"padding={padding}")


def test_an_output_lights_up_its_window(visit: Visit) -> None:
    tab = visit("/convolution")
    hover(tab, "right", 0, 0)
    expect(sentence(tab)).to_have_text("y[0,0] reads 9 cells, 5 of them padding · 1 of 16")
    expect(tab.page.locator(".overlay .lit")).to_have_count(9)
    hover(tab, "right", 2, 3)
    expect(sentence(tab)).to_have_text("y[2,3] reads 9 cells · 12 of 16")


def test_an_input_lights_up_every_output_that_uses_it(visit: Visit) -> None:
    tab = visit("/convolution")
    hover(tab, "left", 4, 6)
    expect(sentence(tab)).to_have_text("x[3,5] is used by 4 outputs")
    expect(tab.page.locator(".overlay .lit")).to_have_count(4)
    hover(tab, "left", 3, 5)
    expect(sentence(tab)).to_have_text("x[2,4] is used by 1 output")
    hover(tab, "left", 9, 9)
    expect(sentence(tab)).to_have_text("padding is read by no output")


def test_a_kernel_cell_lights_up_every_input_it_meets(visit: Visit) -> None:
    tab = visit("/convolution")
    hover(tab, "kernel", 1, 2)
    expect(sentence(tab)).to_have_text("w[1,2] meets 16 cells, once for each of 16 places")
    expect(tab.page.locator(".overlay .lit")).to_have_count(32)


def test_a_copy_in_the_padding_counts_for_the_cell_it_copies(visit: Visit) -> None:
    tab = visit(address(stride=[1, 1], padding_mode="reflect"))
    hover(tab, "left", 2, 2)
    expect(sentence(tab)).to_have_text("x[1,1] is used by 9 outputs")
    expect(tab.page.locator(".overlay .twin")).to_have_count(1)


def test_leaving_the_picture_goes_back_to_the_window(visit: Visit) -> None:
    tab = visit("/convolution")
    hover(tab, "kernel", 0, 0)
    expect(sentence(tab)).to_contain_text("w[0,0]")
    tab.page.mouse.move(10, 10)
    expect(sentence(tab)).to_contain_text("y[1,1]")


def test_a_click_pins_and_escape_frees(visit: Visit) -> None:
    tab = visit("/convolution")
    tab.page.mouse.click(*point(tab, "right", 3, 2))
    settles(tab, at=[3, 2])
    hover(tab, "left", 1, 1)
    expect(sentence(tab)).to_contain_text("y[3,2]")
    tab.page.keyboard.press("Escape")
    expect(sentence(tab)).to_contain_text("x[0,0]")


def test_a_second_click_frees_too(visit: Visit) -> None:
    tab = visit("/convolution")
    for _ in range(2):
        tab.page.mouse.click(*point(tab, "kernel", 2, 2))
    hover(tab, "right", 0, 1)
    expect(sentence(tab)).to_contain_text("y[0,1]")


def test_keys_move_in_every_grid(visit: Visit) -> None:
    tab = visit("/convolution")
    tab.page.locator(".picture-svg").focus()
    tab.page.keyboard.press("ArrowRight")
    expect(sentence(tab)).to_contain_text("y[1,2]")
    tab.page.keyboard.press("ArrowDown")
    expect(sentence(tab)).to_contain_text("y[2,2]")
    settles(tab, at=[2, 2])
    tab.page.keyboard.press("2")
    tab.page.keyboard.press("ArrowRight")
    expect(sentence(tab)).to_contain_text("w[0,1]")
    tab.page.keyboard.press("1")
    expect(sentence(tab)).to_contain_text("x[0,0]")
    tab.page.keyboard.press("ArrowLeft")
    expect(sentence(tab)).to_contain_text("padding")
    tab.page.keyboard.press("Escape")
    expect(sentence(tab)).to_contain_text("y[2,2]")
    expect(tab.page.locator(".picture-svg")).to_have_attribute(
        "aria-label", re.compile(r"y\[2,2\] reads 9 cells")
    )


def test_time_steps_scrubs_plays_and_pauses(visit: Visit) -> None:
    tab = visit("/convolution")
    tab.page.get_by_role("button", name="Step on").click()
    expect(sentence(tab)).to_contain_text("7 of 16")
    tab.page.get_by_role("button", name="Step back").click()
    expect(sentence(tab)).to_contain_text("6 of 16")
    tab.page.get_by_role("slider", name="window").press("End")
    expect(sentence(tab)).to_contain_text("16 of 16")
    settles(tab, at=[3, 3])
    for _ in range(3):
        tab.page.get_by_title("Speed").click()
    tab.page.get_by_role("button", name="Play").click()
    tab.page.get_by_role("button", name="Pause").wait_for()
    expect(sentence(tab)).to_contain_text(re.compile(r"· [2-9] of 16"))
    tab.page.get_by_role("button", name="Pause").click()
    stopped = sentence(tab).inner_text()
    tab.page.wait_for_timeout(300)  # longer than a window stands at this speed
    assert sentence(tab).inner_text() == stopped


def test_a_slider_redraws_at_once_and_settles_in_the_link(visit: Visit) -> None:
    tab = visit("/convolution")
    kernel = tab.page.get_by_role("slider", name="kernel k")
    kernel.press("ArrowRight")
    shows(tab, kernel=(4, 4))
    settles(tab, kernel=[4, 4])
    tab.page.get_by_role("spinbutton", name="input size n").fill("16")
    tab.page.keyboard.press("Enter")
    shows(tab, kernel=(4, 4), size=(16, 16))
    settles(tab, size=[16, 16])


def test_height_and_width_come_apart_and_together_again(visit: Visit) -> None:
    tab = visit("/convolution")
    lock = tab.page.get_by_role("button", name="H=W")
    lock.click()
    tab.page.get_by_role("slider", name="stride s H").press("ArrowLeft")
    settles(tab, stride=[1, 2])
    shows(tab, stride=(1, 2))
    expect(tab.page.locator(".formula-line")).to_have_count(2)
    lock.click()
    settles(tab, stride=None)
    expect(tab.page.locator(".formula-line")).to_have_count(1)


REFUSED: tuple[tuple[dict[str, Any], str, str | None, dict[str, Any]], ...] = (
    (
        {"size": [3, 3], "kernel": [7, 7]},
        "A kernel of 7 does not fit the padded input of 5 along H.",
        "set padding = 2",
        {"padding": [2, 2]},
    ),
    (
        {"groups": 3},
        "3 groups must divide both channel counts; 8 filters cannot be shared out.",
        "set groups = 1",
        {"groups": None},
    ),
    (
        {"pad": "same"},
        "'same' works with stride 1 only, the stride is 2, 2.",
        "set stride = 1",
        {"stride": [1, 1], "pad": "same"},
    ),
    (
        {"layer": "max", "padding": [2, 2]},
        "Pooling may be padded by half its window at most: 1, got 2 along H.",
        "set padding = 1",
        {"padding": None},
    ),
    (
        {"layer": "transposed", "output_padding": [2, 2]},
        "Output padding 2 must be smaller than stride 2 or dilation 1 along H.",
        None,
        {},
    ),
)


def test_what_torch_refuses_is_said_with_a_way_out(visit: Visit) -> None:
    tab = visit(None)
    for fields, rule, fix, mended in REFUSED:
        tab.open(address(**fields))
        fault = tab.page.locator(".fault:visible")
        expect(fault.locator(".says")).to_have_text(rule)
        expect(tab.page.locator(".shape.of-output b")).to_have_text("–")
        if fix is not None:
            fault.get_by_role("button", name=fix).click()
            expect(fault).to_be_hidden()
            settles(tab, **mended)
            shows(tab, **state_fields({**fields, **{k: v for k, v in mended.items() if v}}, mended))


def state_fields(fields: dict[str, Any], mended: dict[str, Any]) -> dict[str, Any]:
    """Fields as a state takes them; what was mended to its default is left out."""
    gone = {name for name, value in mended.items() if value is None}
    return {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items() if n not in gone}


MODES: tuple[dict[str, Any], ...] = (
    {"axes": 1},
    {"layer": "transposed"},
    {"layer": "transposed", "spread": "zeros", "axes": 1},
    {"layer": "max", "ceil_mode": True},
    {"layer": "average", "count_include_pad": False},
    {"channels": 8, "groups": 8},
    {"size": [224, 200], "kernel": [7, 5], "padding": [3, 2]},
)


def test_every_mode_draws_and_counts(visit: Visit) -> None:
    tab = visit(None)
    for fields in MODES:
        tab.open(address(**fields))
        shows(tab, **state_fields(fields, {}))
        network = network_of(ConvolutionState.model_validate(fields))
        expect(tab.page.locator(".code.line")).to_have_text(str(network.layers[0].lower(network.input)))
        expect(sentence(tab)).not_to_be_empty()


def test_stamps_and_their_sums_in_the_transposed_picture(visit: Visit) -> None:
    tab = visit(address(layer="transposed", size=[3, 3]))
    expect(sentence(tab)).to_have_text("x[1,1] is stamped onto 9 cells · 5 of 9")
    hover(tab, "left", 0, 0)
    expect(sentence(tab)).to_have_text("x[0,0] is stamped onto 9 cells, 5 of them cut off · 1 of 9")
    hover(tab, "right", 2, 2)
    expect(sentence(tab)).to_have_text("y[1,1] is the sum of 4 stamps")
    hover(tab, "right", 0, 0)
    expect(sentence(tab)).to_contain_text("cut off")
    tab.page.get_by_role("radio", name="zeros between").click()
    settles(tab, spread="zeros")
    hover(tab, "right", 0, 0)
    expect(sentence(tab)).to_have_text("y[0,0] reads 9 cells: 1 inputs, the rest zeros · 1 of 25")
    expect(tab.page.get_by_text("PyTorch has neither 'same' nor other padding modes here")).to_be_visible()


def test_a_chip_sets_its_fields_and_is_pressed(visit: Visit) -> None:
    tab = visit(address(kernel=[5, 5]))
    size = (8, 8)
    for preset in PRESETS:
        chip = tab.page.get_by_role("button", name=preset.label, exact=True).first
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        fields = state_fields(preset.changes, {})
        kept = {"size": size, "channels": 3, "filters": 8}
        if preset.label == "upsample":
            kept = {"size": (224, 224), "channels": 3, "filters": 64}
        shows(tab, **{**kept, **fields})


def test_a_link_brings_everything_back(visit: Visit) -> None:
    fields = {"layer": "transposed", "size": [4, 5], "kernel": [2, 3], "spread": "zeros", "at": [3, 2]}
    tab = visit(address(**fields))
    expect(tab.page.get_by_role("radio", name="Transp.")).to_be_checked()
    expect(tab.page.get_by_role("radio", name="zeros between")).to_be_checked()
    expect(sentence(tab)).to_contain_text("y[3,2]")
    expect(tab.page.get_by_role("spinbutton", name="kernel k W")).to_have_value("3")


def test_a_bad_link_ends_in_a_sentence_and_the_usual_start(visit: Visit) -> None:
    hostile = {"layer": "<img src=x onerror=alert(1)>"}
    for link, says in (
        ("1.AAAA", "this link is damaged. Here is the usual start instead."),
        (packed({"now": hostile}), "must be one of conv, transposed, max, average"),
    ):
        tab = visit(f"/convolution?state={link}")
        expect(tab.page.locator(".note")).to_contain_text(says)
        shows(tab)


def test_a_is_kept_compared_taken_back_and_forgotten(visit: Visit) -> None:
    tab = visit("/convolution")
    keep = tab.page.get_by_role("button", name="Keep as A")
    keep.click()
    expect(keep).to_be_disabled()
    tab.page.get_by_role("slider", name="stride s").press("ArrowLeft")
    expect(tab.page.locator(".shapes .was")).to_have_text("A: 8 × 4 × 4")
    expect(tab.page.locator(".number.of-compute .news")).to_have_text("+300 %")
    settles(tab, stride=[1, 1])
    tab.page.reload()
    expect(tab.page.locator(".shapes .was")).to_have_text("A: 8 × 4 × 4")
    tab.page.get_by_role("button", name="Back to A").click()
    shows(tab)
    expect(tab.page.locator(".shapes .was")).to_have_text("A: 8 × 8 × 8")
    tab.page.get_by_role("button", name="Forget A").click()
    expect(tab.page.locator(".number.of-compute .news")).to_be_empty()


def test_the_layer_is_taken_into_the_builder(visit: Visit) -> None:
    tab = visit(address(filters=12))
    tab.page.get_by_role("button", name="Take into the Builder").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Builder")
    tab.until(lambda: "net=" in tab.page.url, "the network in the address")
    found = re.search(r"net=([^&]+)", tab.page.url)
    assert found is not None
    assert Network.from_link(found[1]) == network_of(ConvolutionState(filters=12))


def test_exercises_reveal_what_is_computed_and_show_it(visit: Visit) -> None:
    tab = visit("/convolution")
    for exercise in exercises():
        card = tab.page.locator(f".task[data-name={exercise.name}]")
        card.locator("summary").click()
        card.get_by_role("textbox").first.fill(" x ".join(exact(n) for n in exercise.questions[0].answer))
        if len(exercise.questions) > 1:
            card.get_by_role("textbox").last.fill("123456")
        card.get_by_role("button", name="Reveal").click()
        verdicts = card.locator(".verdict")
        asks = card.locator(".question label > span").first.bounding_box()
        assert asks is not None
        assert asks["width"] > 200  # a question is a line, not a column of words
        for index, question in enumerate(exercise.questions):
            expect(verdicts.nth(index)).to_contain_text(dimensions(question.answer))
        expect(verdicts.first).to_have_class("verdict right")
        if len(exercise.questions) > 1:
            expect(verdicts.last).to_have_class("verdict wrong")
        state = exercise.state.model_dump(exclude={"at"})
        shows(tab, **state)
        card.locator("summary").click()
    expect(tab.page.get_by_text(f"{len(exercises())} of {len(exercises())} revealed")).to_be_attached()


def test_an_exercise_gives_back_what_it_took_the_place_of(visit: Visit) -> None:
    tab = visit(f"/convolution?state={packed({'now': {'filters': 5}})}")
    shows(tab, filters=5)
    back = tab.page.get_by_role("button", name="Back to my settings")
    expect(back).to_have_count(0)
    for exercise in exercises()[:2]:
        card = tab.page.locator(f".task[data-name={exercise.name}]")
        card.locator("summary").click()
        card.get_by_role("button", name="Reveal").click()
        shows(tab, **exercise.state.model_dump(exclude={"at"}))
    expect(back).to_have_count(2)
    tab.shot("lent")
    back.last.click()
    shows(tab, filters=5)
    expect(back).to_have_count(0)


def test_the_seal_agrees(visit: Visit) -> None:
    tab = visit("/convolution")
    expect(tab.page.get_by_text("torch and torchinfo agree")).to_be_visible()


def test_the_page_speaks_chinese(visit: Visit) -> None:
    tab = visit("/convolution?lang=zh")
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("卷积")
    expect(sentence(tab)).to_have_text("y[1,1] 读取 9 个单元格 · 第 6 个，共 16 个")
    tab.page.get_by_role("radio", name="en").click()
    expect(sentence(tab)).to_have_text("y[1,1] reads 9 cells · 6 of 16")


def test_numbers_are_shown_summed_and_set(visit: Visit) -> None:
    tab = visit(address(view="values", stride=[1, 1], pattern="edge", filter="vertical"))
    line = tab.page.locator(".sum-line")
    hover(tab, "right", 4, 4)
    expect(line).to_have_text("y[4,4] = 0·(−1) + 9·0 + 9·1 + 0·(−1) + 9·0 + 9·1 + 0·(−1) + 9·0 + 9·1 = 27")
    tab.page.mouse.click(*point(tab, "kernel", 0, 0))
    tab.page.locator(".cell-editor").fill("7")
    tab.page.keyboard.press("Enter")
    settles(tab, weights=[7, 0, 1, -1, 0, 1, -1, 0, 1])
    tab.page.mouse.click(*point(tab, "left", 4, 4))
    tab.page.locator(".cell-editor").fill("2")
    tab.page.keyboard.press("Enter")
    tab.until(lambda: held(tab).get("cells", [])[27:28] == [2], "the number in the address")
    hover(tab, "right", 4, 4)
    expect(line).to_have_text("y[4,4] = 2·7 + 9·0 + 9·1 + 0·(−1) + 9·0 + 9·1 + 0·(−1) + 9·0 + 9·1 = 41")
    expect(tab.page.get_by_role("combobox", name="picture", exact=True)).to_have_value("")
    tab.page.get_by_role("combobox", name="picture", exact=True).select_option("spot")
    settles(tab, cells=None, pattern="spot")


def test_a_mean_says_when_it_is_rounded(visit: Visit) -> None:
    tab = visit(address(view="values", layer="average", pattern="ramp", padding=[0, 0], stride=[1, 1]))
    hover(tab, "right", 0, 0)
    expect(tab.page.locator(".sum-line")).to_contain_text("/ 9 = 1")
    tab.page.get_by_role("slider", name="padding p").press("ArrowRight")
    hover(tab, "right", 0, 0)
    expect(tab.page.locator(".sum-line")).to_contain_text("/ 9 ≈ 0.222")


def test_a_wanted_size_is_solved_for_and_an_offer_taken(visit: Visit) -> None:
    tab = visit("/convolution")
    tab.page.get_by_role("button", name="keep", exact=True).click()
    rows = tab.page.locator(".offer")
    found = offered(ConvolutionState(goal="keep"))
    assert found is not None
    expect(rows).to_have_count(len(found["list"]))
    expect(tab.page.locator(".solver .caption")).to_contain_text(f"{found['all']} settings give 8 × 8")
    chosen = next(i for i, o in enumerate(found["list"]) if o["changes"]["kernel"] == [5, 5])
    rows.nth(chosen).click()
    expect(rows.nth(chosen)).to_have_attribute("aria-pressed", "true")
    shows(tab, **state_fields(found["list"][chosen]["changes"], {}))
    expect(tab.page.locator(".shape.of-output b")).to_have_text("8 × 8 × 8")
    tab.page.get_by_role("button", name="size", exact=True).click()
    for name in ("H", "W"):
        tab.page.locator(".wanted-sizes").get_by_label(name).fill("600")
        tab.page.keyboard.press("Enter")
    expect(tab.page.locator(".solver .caption")).to_have_text(
        "No setting up to kernel 11, stride 8 and padding 16 gives 600 × 600 here."
    )
    settles(tab, goal="size", wanted=[600, 600])


def test_a_row_of_layers_is_compared_changed_and_pointed_at(visit: Visit) -> None:
    tab = visit(address(view="stack", size=[12, 12], stride=[1, 1], channels=64, filters=64))
    tab.page.get_by_role("button", name="three 3×3 or one 7×7").click()
    three = {
        "view": "stack",
        "size": (12, 12),
        "stride": (1, 1),
        "channels": 64,
        "filters": 64,
        "bias": False,
    }
    shows(tab, **three)
    news = tab.page.locator(".number.of-weight .news")
    expect(news).to_have_text("−45 %")  # 3·9 instead of 49
    says = tab.page.locator(".stack .sentence")
    expect(says).to_have_text("A unit after layer 3 sees 7 × 7 cells of the input")
    tab.page.get_by_role("button", name="Add layer").click()
    shows(tab, **three, stack=(3, 1, 1, 1) * 3)
    expect(says).to_have_text("A unit after layer 4 sees 9 × 9 cells of the input")
    tab.page.locator(".layer-row").nth(1).get_by_label("s", exact=True).fill("2")
    tab.page.keyboard.press("Enter")
    shows(tab, **three, stack=(3, 2, 1, 1, *(3, 1, 1, 1) * 2))
    tab.page.get_by_role("button", name="Drop layer 2").click()
    shows(tab, **three)
    tab.page.locator(".stack-svg").focus()
    for _ in range(6):
        tab.page.keyboard.press("ArrowLeft")
    expect(says).to_have_text("A unit after layer 3 sees 7 × 7 cells of the input (7 × 4 of them inside it)")


def test_the_map_takes_what_is_clicked(visit: Visit) -> None:
    tab = visit(address(view="map"))
    tab.page.locator(".map-svg").focus()
    tab.page.keyboard.press("ArrowUp")
    for _ in range(4):
        tab.page.keyboard.press("ArrowRight")
    says = tab.page.locator(".trade-off .sentence")
    expect(says).to_have_text("stride 2, kernel 5: 8 × 3 × 3, 608 parameters, 5,400 MACs")
    tab.page.keyboard.press("Enter")
    shows(tab, view="map", kernel=(5, 5))
    for _ in range(9):
        tab.page.keyboard.press("ArrowRight")
    expect(says).to_have_text(
        "stride 2, kernel 11: A kernel of 11 does not fit the padded input of 10 along H."
    )
    tab.page.get_by_label("across", exact=True).select_option("filters")
    tab.page.get_by_label("colour", exact=True).select_option("params")
    settles(tab, map_across="filters", map_colour="params", kernel=[5, 5])


def test_a_typed_number_takes_the_place_of_the_one_that_stood_there(visit: Visit) -> None:
    tab = visit("/convolution")
    tab.page.get_by_role("spinbutton", name="kernel k").click()
    tab.page.wait_for_timeout(50)  # a hand takes longer from the click to the key
    tab.page.keyboard.type("5")
    tab.page.keyboard.press("Enter")
    settles(tab, kernel=[5, 5])


def test_a_picture_goes_through_the_layer(visit: Visit) -> None:
    tab = visit(address(view="image"))
    maps = tab.page.locator(".map-card")
    expect(maps).to_have_count(8, timeout=PATIENCE)
    expect(maps.first).to_contain_text("identity")
    expect(tab.page.locator(".source .caption")).to_have_text("96 × 96 → 48 × 48")
    expect(tab.page.locator(".formula .term.of-output b")).to_have_text("48")
    maps.nth(2).locator("canvas").hover(position={"x": 1, "y": 1})
    expect(tab.page.locator(".image-view .sentence")).to_contain_text("from rows 0–1, columns 0–1")
    tab.page.get_by_role("radio", name="Max").click()
    expect(maps).to_have_count(3, timeout=PATIENCE)
    file = {"name": "dot.png", "mimeType": "image/png", "buffer": FAVICON.read_bytes()}
    tab.page.get_by_label("Choose a file").last.set_input_files(file)  # type: ignore[arg-type]  # a file in memory
    expect(tab.page.locator(".source .caption")).to_have_text(re.compile("^64 × 64 →"), timeout=PATIENCE)
    settles(tab, image="own")
    tab.page.get_by_role("spinbutton", name="channels c").fill("5")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_text("A picture has 1 or 3 channels; this layer takes 5.")).to_be_visible()
    tab.page.get_by_role("button", name="set channels to 1").click()
    expect(maps).to_have_count(1, timeout=PATIENCE)
