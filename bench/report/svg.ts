export const ink = '#1f2933';
export const faint = '#7b8794';
export const rule = '#d9dee3';

/** An SVG of lines, boxes and text. */
export class Drawing {
  readonly #parts: string[] = [];
  readonly #width: number;
  readonly #height: number;
  readonly #title: string;

  /** @param title the text for screen readers. */
  constructor(width: number, height: number, title: string) {
    this.#title = title;
    this.#width = width;
    this.#height = height;
  }

  box(x: number, y: number, width: number, height: number, color: string): void {
    const place = `x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"`;
    this.#parts.push(`<rect ${place} rx="2" fill="${color}"/>`);
  }

  line(points: readonly (readonly [x: number, y: number])[], color: string, width = 1): void {
    const list = points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
    this.#parts.push(`<polyline points="${list}" fill="none" stroke="${color}" stroke-width="${width}"/>`);
  }

  dot(x: number, y: number, color: string): void {
    this.#parts.push(`<circle cx="${at(x)}" cy="${at(y)}" r="3" fill="${color}"/>`);
  }

  words(x: number, y: number, text: string, { anchor = 'start', color = ink, size = 13, bold = false } = {}): void {
    const weight = bold ? ' font-weight="600"' : '';
    const look = `text-anchor="${anchor}" font-size="${size}"${weight} fill="${color}"`;
    this.#parts.push(`<text x="${at(x)}" y="${at(y)}" ${look}>${escapeXml(text)}</text>`);
  }

  toString(): string {
    const size = `viewBox="0 0 ${this.#width} ${this.#height}" width="${this.#width}" height="${this.#height}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif">`,
      `<title>${escapeXml(this.#title)}</title>`,
      '<rect width="100%" height="100%" fill="#ffffff"/>',
      ...this.#parts,
      '</svg>\n',
    ].join('\n');
  }
}

const at = (value: number) => String(Math.round(value * 10) / 10);

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
