/** Checks that a text is well-formed XML 1.0, as far as our documents use it: tags nest, attributes are quoted and
 *  unique, only the five named entities appear, and there is one root. Returns what is wrong. */
export function xmlFault(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  let rest = text.replace(/^<\?xml version="1\.0"[^?]*\?>/, '').trim();
  while (rest !== '') {
    if (rest[0] !== '<') {
      const end = rest.indexOf('<');
      const content = end < 0 ? rest : rest.slice(0, end);
      if (open.length === 0) return `text outside the root: ${content.slice(0, 20)}`;
      const fault = contentFault(content);
      if (fault) return fault;
      rest = rest.slice(content.length);
      continue;
    }
    const tag = /^<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (!tag) return `not a tag: ${rest.slice(0, 60)}`;
    const [whole, closes, name, attributes, empty] = tag;
    if (closes) {
      if (open.pop() !== name) return `</${name}> closes another element`;
    } else {
      const names = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)];
      if (new Set(names.map((match) => match[1])).size !== names.length) return `attribute twice: ${whole}`;
      for (const [, , value] of names) if (contentFault(value!)) return contentFault(value!);
      if (open.length === 0) roots++;
      if (!empty) open.push(name!);
    }
    rest = rest.slice(whole.length);
  }
  return open.length > 0 ? `<${open.at(-1)}> is not closed` : roots === 1 ? undefined : `${roots} roots`;
}

function contentFault(content: string): string | undefined {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(content))
    return 'a character that XML does not allow';
  const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(content);
  return entity ? `a bare ampersand: ${content.slice(entity.index, entity.index + 20)}` : undefined;
}
