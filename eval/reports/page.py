"""The frame of a report: one HTML file with its style and its few lines of script, and nothing from elsewhere."""

from __future__ import annotations

from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d5dade;--paper:#fff;--card:#f6f8fa;--link:#2563a8;
--good:#1a7f37;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4af;--line:#363d45;--paper:#15181c;--card:#1d2126;
--link:#6cb0f5;--good:#57c26f;--bad:#ff8f85}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:24px 16px 80px;background:var(--paper);
color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 4px}h2{font-size:1.15rem;margin:36px 0 10px}.soft{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:15rem}th{font-weight:600}
.group td{padding-top:14px;border-bottom:0;color:var(--soft);font-size:.85em}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:20px}
.plots svg{width:100%;height:auto;background:var(--card);border-radius:8px;padding:8px}
form{display:flex;flex-wrap:wrap;gap:10px;align-items:center;margin:0 0 14px;position:sticky;top:0;padding:8px 0;
background:var(--paper)}
input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;
padding:5px 8px}input[type=search]{flex:1 1 220px}
details{border:1px solid var(--line);border-radius:8px;margin:0 0 8px;background:var(--card)}
summary{cursor:pointer;padding:8px 12px}.in{padding:0 12px 10px}.sides{display:grid;gap:16px;
grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.mark{font-weight:700;padding-right:6px}.good{color:var(--good)}.bad{color:var(--bad)}
.tag{font-size:.8em;border:1px solid var(--line);border-radius:99px;padding:1px 8px;margin-right:6px;
white-space:nowrap}
.answer{white-space:pre-wrap;overflow-wrap:anywhere}dt{color:var(--soft);font-size:.85em;margin-top:8px}dd{margin:0}
ol,ul{margin:4px 0;padding-left:1.4em}li{overflow-wrap:anywhere}[hidden]{display:none}
@media print{form{display:none}details{break-inside:avoid}}
"""

SCRIPT = """
const form=document.querySelector('form'),all=[...document.querySelectorAll('details[data-kind]')];
const count=document.getElementById('count');
function filter(){const d=new FormData(form),word=d.get('word').toLowerCase();let n=0;
for(const one of all){const shown=['split','kind','status','turn'].every(k=>!d.get(k)||one.dataset[k]===d.get(k))
&&(!word||one.textContent.toLowerCase().includes(word));one.hidden=!shown;n+=shown}
count.textContent=n+' of '+all.length}
form.addEventListener('input',filter);form.addEventListener('submit',e=>e.preventDefault());filter();
"""


def page(title: str, body: str) -> str:
    """A whole HTML page. `title` is text, `body` is HTML. The page may load nothing, by its own policy."""
    said = escape(title)
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{said}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<style>{STYLE}</style></head><body>\n<h1>{said}</h1>\n{body}\n<script>{SCRIPT}</script></body></html>\n"
    )


def select(name: str, label: str, options: list[str]) -> str:
    """A drop-down of a filter; its first entry, no value, lets everything pass."""
    rows = "".join(f'<option value="{escape(one)}">{escape(one)}</option>' for one in options)
    return (
        f'<select name="{name}" aria-label="{escape(label)}"><option value="">{escape(label)}</option>{rows}</select>'
    )
