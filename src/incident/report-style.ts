/** How the exported report looks on paper and on a screen. */
export const STYLE = `
@page { size: A4; margin: 18mm 16mm; }
body { max-width: 178mm; margin: 0 auto; padding: 8mm 0; color: #17202c; background: #fff;
  font: 10.5pt/1.6 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif; }
h1 { margin: 0 0 2mm; font-size: 18pt; line-height: 1.3; }
h2 { margin: 7mm 0 2mm; padding-bottom: 1mm; border-bottom: 1px solid #b9c2ce; font-size: 12.5pt; break-after: avoid; }
p { margin: 0 0 1mm; }
.kind, .note, .id, small { color: #566375; font-size: 9pt; }
dl { display: grid; grid-template-columns: 44mm minmax(0, 1fr); gap: 1mm 4mm; margin: 3mm 0 0; }
dt { color: #566375; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ol, ul { margin: 0; padding-left: 6mm; }
li { margin-bottom: 2mm; overflow-wrap: anywhere; break-inside: avoid; }
header p, h1 { overflow-wrap: anywhere; }
.line { margin-bottom: 3mm; padding-bottom: 2mm; border-bottom: 1px solid #e3e8ee; }
.line p { break-after: avoid; overflow-wrap: anywhere; }
pre { margin: 0 0 1mm; padding: 2mm; background: #f3f5f8; font: 8.5pt/1.5 ui-monospace, 'DejaVu Sans Mono', monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 8.5pt ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
footer { margin-top: 8mm; padding-top: 2mm; border-top: 1px solid #b9c2ce; color: #566375; font-size: 9pt; }
`;
