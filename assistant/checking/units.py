"""What amounts are counted in: currencies, percent and units, by the words that name them."""

from __future__ import annotations

from assistant.checking.words import lemma

CURRENCIES = {"$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "usd": "usd", "us$": "usd", "dollar": "usd", "euro": "eur", "eur": "eur", "yuan": "cny", "rmb": "cny", "cny": "cny", "renminbi": "cny", "pound": "gbp", "gbp": "gbp", "yen": "jpy"}  # fmt: skip
PERCENT = {"%", "percent", "percentage", "pct"}
UNITS = {
    lemma(form): name
    for name, forms in {
        "second": "second seconds sec secs s", "minute": "minute minutes min mins", "hour": "hour hours hr hrs", "day": "day days",
        "week": "week weeks", "month": "month months", "year": "year years yr yrs", "millisecond": "millisecond milliseconds ms",
        "byte": "byte bytes", "vbyte": "vbyte vbytes", "bit": "bit bits", "kilobyte": "kilobyte kilobytes kb kib",
        "megabyte": "megabyte megabytes mb mib", "gigabyte": "gigabyte gigabytes gb gib", "terabyte": "terabyte terabytes tb",
        "metre": "metre metres meter meters m", "kilometre": "kilometre kilometres kilometer kilometers km", "centimetre": "centimetre centimetres cm",
        "millimetre": "mm millimetre millimetres", "nanometre": "nm nanometre nanometres nanometer",
        "kilogram": "kilogram kilograms kg", "tonne": "tonne tonnes ton tons", "mile": "mile miles", "acre": "acre acres", "hectare": "hectare hectares",
        "watt": "watt watts", "megawatt": "megawatt megawatts mw", "degree": "degree degrees", "btc": "btc bitcoin bitcoins", "satoshi": "satoshi satoshis sat sats",
    }.items()
    for form in forms.split()
}  # fmt: skip
