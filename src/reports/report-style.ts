/** How reports look on paper (A4) and on a screen. `head` is the running head, as CSS text. */
export function styleOf(head: string, page: string): string {
  return `
@page { size: A4; margin: 20mm 15mm 18mm;
  @top-left { content: ${head}; width: 100%; color: #566375; font: 8pt ${FONT}; border-bottom: 1px solid #b9c2ce;
    vertical-align: bottom; padding-bottom: 1.5mm; margin-bottom: 4mm; }
  @bottom-right { content: ${page}; color: #566375; font: 8pt ${FONT}; } }
@page wide { size: A4 landscape; }
* { box-sizing: border-box; }
body { max-width: 180mm; margin: 0 auto; padding: 6mm 0; color: #17202c; background: #fff; font: 10pt/1.55 ${FONT}; }
header:not(:first-child) { margin-top: 8mm; padding-top: 4mm; border-top: 1px solid #b9c2ce; }
h1 { margin: 0 0 2mm; font-size: 18pt; line-height: 1.3; overflow-wrap: anywhere; }
header:not(:first-child) h1 { font-size: 14pt; }
h2 { margin: 7mm 0 2mm; padding-bottom: 1mm; border-bottom: 1px solid #b9c2ce; font-size: 12.5pt; break-after: avoid;
  overflow-wrap: anywhere; }
h3 { margin: 4mm 0 1mm; font-size: 10pt; break-after: avoid; overflow-wrap: anywhere; }
p { margin: 0 0 1mm; overflow-wrap: anywhere; }
.kind, .basis, .note, .id, small { color: #566375; font-size: 8.5pt; }
.basis { break-after: avoid; }
.banner { margin: 3mm 0; padding: 2mm 3mm; border: 1px solid #b8860b; background: #fff8e6; }
.unknown { color: #8a4b00; }
dl { display: grid; grid-template-columns: 52mm minmax(0, 1fr); gap: 1mm 4mm; margin: 2mm 0 0; }
dt { color: #566375; overflow-wrap: anywhere; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
table { width: 100%; margin: 1mm 0 2mm; border-collapse: collapse; table-layout: fixed; font-size: 8.5pt; line-height: 1.4; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 1mm 1.2mm; border: 1px solid #d5dbe3; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eef1f5; font-weight: 600; }
.number { text-align: right; }
.time { white-space: nowrap; }
.wide { page: wide; }
ol, ul { margin: 0; padding-left: 6mm; }
li { margin-bottom: 1.5mm; overflow-wrap: anywhere; break-inside: avoid; }
.holes { list-style: none; padding: 0; }
.holes li { padding: 1mm 2mm; border-left: 3px solid #c0392b; background: #fdf3f1; }
.line { break-inside: avoid; margin-bottom: 3mm; padding-bottom: 2mm; border-bottom: 1px solid #e3e8ee; }
pre { margin: 0 0 1mm; padding: 2mm; background: #f3f5f8; font: 8pt/1.5 ${MONO}; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 8pt ${MONO}; overflow-wrap: anywhere; }
.signed { break-before: page; }
footer { margin-top: 6mm; padding-top: 2mm; border-top: 1px solid #b9c2ce; color: #566375; font-size: 8.5pt; }
@media print { body { padding: 0 0.3mm; max-width: none; } }
@font-face { font-family: 'Latin marks'; unicode-range: U+00B7, U+2013-2014, U+2018-201D, U+2026;
  src: local('Segoe UI'), local('Helvetica Neue'), local('Roboto'), local('Arial'), local('Liberation Sans'), local('DejaVu Sans'); }
:lang(en) body { font-family: 'Latin marks', ${FONT}; }
`;
}

const FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
const MONO = "ui-monospace, 'DejaVu Sans Mono', 'Noto Sans CJK SC', monospace";

/** A text as a string of CSS: nothing in it can end the string, the rule or the element. */
export function cssText(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} ]/gu, (one) => `\\${one.codePointAt(0)!.toString(16)} `);
  return `"${safe}"`;
}
