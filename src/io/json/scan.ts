/** Finds values in JSON text by their place, without making anything of what lies between. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Offset after the value that begins at `start`; undefined where the text ends inside it. */
export function endOfValue(text: string, start: number): number | undefined {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    let at = start;
    while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at++;
    return Math.max(at, start + 1);
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Where the member `step` of the map or list at `container` stands. `elements` remembers the elements of lists by the
 *  offset of the list: thousands of them may be asked for in turn. */
export function startOfMember(
  text: string,
  container: number,
  step: string | number,
  elements: Map<number, number[]>,
): { readonly key: number; readonly value: number } | undefined {
  if (text[container] === '[') {
    const found = elementAt(text, container, Number(step), elements);
    return found === undefined ? undefined : { key: found, value: found };
  }
  if (text[container] !== '{') return undefined;
  let at = next(text, container + 1);
  while (text[at] === '"') {
    const end = endOfString(text, at);
    if (end === undefined) return undefined;
    const value = next(text, next(text, end) + 1);
    if (text.slice(at + 1, end - 1) === step) return { key: at, value };
    at = afterComma(text, value);
  }
  return undefined;
}

function elementAt(
  text: string,
  list: number,
  index: number,
  elements: Map<number, number[]>,
): number | undefined {
  let known = elements.get(list);
  if (!known) {
    const first = next(text, list + 1);
    known = text[first] === ']' ? [] : [first];
    elements.set(list, known);
  }
  while (known.length <= index) {
    const last = known.at(-1);
    if (last === undefined) return undefined;
    const following = afterComma(text, last);
    if (following >= text.length || text[following] === ']') return undefined;
    known.push(following);
  }
  return known[index];
}

/** The value after the one at `value`, or the bracket that ends the container. */
function afterComma(text: string, value: number): number {
  const at = next(text, endOfValue(text, value) ?? text.length);
  return text[at] === ',' ? next(text, at + 1) : at;
}

function next(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = at;
    while (text.charCodeAt(slashes - 1) === BACKSLASH) slashes--;
    if ((at - slashes) % 2 === 0) return at + 1;
  }
  return undefined;
}
