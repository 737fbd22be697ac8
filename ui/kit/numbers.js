/** How numbers are written. `ui/numbers.py` writes the same; a test compares the two over thousands of values. */

const COUNT_UNITS = [
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["E", 1e18],
];
const BYTE_UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"];
const MINUS = "−";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** With thousands separators: 467,200. */
export function exact(count) {
  const digits = String(Math.round(Math.abs(count)));
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  return count < 0 && digits !== "0" ? MINUS + grouped : grouped;
}

/** Exact up to six digits, above that three decimals and a unit: 6.999 M. The exact value belongs in a tooltip. */
export function short(count) {
  const size = Math.abs(count);
  if (size < 1e6) return exact(count);
  const sign = count < 0 ? MINUS : "";
  for (const [unit, step] of COUNT_UNITS) {
    const thousandths = Math.floor(size / (step / 1000) + 0.5);
    if (thousandths < 1e6) return `${sign}${(thousandths / 1000).toFixed(3)} ${unit}`;
  }
  return sign + scientific(size, 3);
}

/** Bytes with three digits: 512 B, 4.00 KiB, 228 KiB, 1.05 GiB. */
export function bytes(count) {
  if (count < 1024) return `${exact(count)} B`;
  let step = 1024;
  for (const unit of BYTE_UNITS) {
    for (const [places, factor] of [
      [2, 100],
      [1, 10],
      [0, 1],
    ]) {
      const scaled = Math.floor((count / step) * factor + 0.5);
      const fits = places > 0 ? scaled < 1000 : scaled < 1024;
      if (fits) return `${(scaled / factor).toFixed(places)} ${unit}`;
    }
    step *= 1024;
  }
  return `${exact(count / (step / 1024))} ${BYTE_UNITS.at(-1)}`;
}

/** With this many decimals and a true minus: −0.25. */
export function fixed(value, decimals) {
  if (!Number.isFinite(value)) return unusual(value);
  const size = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(size) !== 0 ? MINUS + size : size;
}

/** With a sign in front, also of what is positive: +0.25. Nothing is 0.00 without a sign. */
export function signed(value, decimals) {
  const written = fixed(value, decimals);
  return value > 0 && Number(written) !== 0 ? `+${written}` : written;
}

/** Three digits that count: 2.31, 0.108, 12.4, 0.00480, and 1.20 × 10⁻⁵ below a thousandth. */
export function significant(value, digits = 3) {
  if (!Number.isFinite(value)) return unusual(value);
  if (value === 0) return fixed(0, digits - 1);
  const exponent = Number(
    Math.abs(value)
      .toExponential(digits - 1)
      .split("e")[1],
  );
  if (exponent >= -3 && exponent < digits) return fixed(value, digits - 1 - exponent);
  if (exponent >= digits && exponent < 6) return exact(value);
  return (value < 0 ? MINUS : "") + scientific(Math.abs(value), digits - 1);
}

/** A share in per cent: 0.979 is 97.9 %. */
export function percent(share, decimals = 1) {
  return Number.isFinite(share) ? `${fixed(share * 100, decimals)} %` : unusual(share);
}

/** Seconds as people say them: 3.1 ms, 12.4 s, 2 min 05 s, 1 h 10 min. */
export function seconds(value) {
  if (!Number.isFinite(value)) return unusual(value);
  if (value < 0.9995) return `${significant(value * 1000, 2)} ms`;
  if (value < 59.95) return `${fixed(value, value < 9.95 ? 1 : 0)} s`;
  const whole = Math.floor(value + 0.5);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.floor(whole / 60);
  return `${exact(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** How much a number changed, in its own units: +3,200 or −64; nothing when it did not. */
export function difference(now, before) {
  if (now === before) return "";
  return `${now > before ? "+" : MINUS}${short(Math.abs(now - before))}`;
}

/** How much a number changed, in per cent of what it was: −64 %, +0.4 %, 12×; nothing when it did not. */
export function change(now, before) {
  if (now === before || !before) return "";
  const share = Math.abs((now - before) / before);
  const sign = now > before ? "+" : MINUS;
  if (share >= 9.995) return `${fixed(now / before, 0)}×`;
  if (share < 0.0005) return `${sign}<0.1 %`;
  return `${sign}${percent(share, share < 0.00995 ? 1 : 0)}`;
}

/** A shape without its batch axis: 20 × 8 × 8. */
export function dimensions(dims) {
  return dims.length ? dims.map(exact).join(" × ") : "1";
}

/** An exponent in raised digits: ⁻⁵. */
export function superscript(exponent) {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS[digit]);
  return exponent < 0 ? `⁻${digits}` : digits;
}

function scientific(size, decimals) {
  const [mantissa, power] = size.toExponential(decimals).split("e");
  return `${mantissa} × 10${superscript(Number(power))}`;
}

function unusual(value) {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : `${MINUS}∞`;
}
