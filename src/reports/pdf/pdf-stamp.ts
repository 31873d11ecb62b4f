/** `D:20261126090000+00'00'`: a time as PDFs have it, always as long. */
function pdfTime(at: number): string {
  return `D:${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+00'00'`;
}

/**
 * Puts the report's own time in the place of that of the printing, so that the same report is the same file whenever it is
 * printed. Nothing else moves: the places in the file's table of objects stay right.
 */
export function stamped(pdf: Buffer, at: number): Buffer {
  const time = pdfTime(at);
  const text = pdf
    .toString('latin1')
    .replace(/(\/(?:CreationDate|ModDate) ?\()(D:[^)]*)\)/g, (_, begin: string, old: string) => {
      if (old.length !== time.length) throw new Error(`the browser writes times of ${old.length} characters: ${old}`);
      return `${begin}${time})`;
    });
  return Buffer.from(text, 'latin1');
}
