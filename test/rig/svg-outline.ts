/** What an SVG of Graphviz shows, without where: one line for each node and edge with its shapes and texts. */
export function svgOutline(svg: string): string {
  const groups = svg.matchAll(/<g id="\w+" class="(?<kind>node|edge)">\n<title>(?<title>.*)<\/title>\n(?<body>[^]*?)<\/g>/gu);
  const lines = [...groups].map(({ groups: found }) => {
    const { kind = '', title = '', body = '' } = found ?? {};
    const shapes = [...body.matchAll(/<(?<tag>polygon|ellipse|path|polyline)\b(?<rest>[^>]*)>/gu)].map(
      ({ groups: shape }) => `${shape?.['tag'] ?? ''}${(shape?.['rest'] ?? '').includes('stroke-dasharray') ? ' dashed' : ''}`,
    );
    const texts = [...body.matchAll(/<text [^>]*>(?<text>[^<]*)<\/text>/gu)].map(({ groups: text }) => decode(text?.['text'] ?? ''));
    return `${kind} ${decode(title)}: ${shapes.join(', ')}${texts.length === 0 ? '' : `: ${texts.join(' / ')}`}\n`;
  });
  return lines.join('');
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function decode(text: string): string {
  return text.replaceAll(/&(?:#(?<code>\d+)|(?<name>\w+));/gu, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  );
}
