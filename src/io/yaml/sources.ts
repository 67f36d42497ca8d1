/** The documents an input was read from, kept so that a line and column can be found when one is printed. */
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Position } from '../../base/issue.ts';
import { type Origin, source } from '../../base/origin.ts';
import type { JsonDocument } from '../json/document.ts';
import { positionAt, type SourceDocument } from './document.ts';

export class Sources {
  readonly #documents = new Map<string, SourceDocument>();
  readonly #json = new Map<string, JsonDocument>();

  add(document: SourceDocument): void {
    this.#documents.set(document.key, document);
  }

  addJson(document: JsonDocument): void {
    this.#json.set(document.key, document);
  }

  /** Where the value stands that `origin` speaks of, or its key. */
  locate(origin: Origin | undefined, part: 'value' | 'key' = 'value'): Position | undefined {
    const found = source(origin);
    if (found?.from === 'dump') return { file: found.file, line: found.line, column: 1 };
    if (found?.from !== 'written') return undefined;
    const json = this.#json.get(found.document);
    if (json) return json.positionAt(json.offsetOf(found.pointer, part));
    const from = this.#documents.get(found.document);
    if (!from) return undefined;
    const node = this.#nodeAt(from, found.pointer, part);
    return positionAt(from.file, from.lines, node?.range?.[0] ?? from.document.range[0]);
  }

  /** The file that `origin` was written in. */
  fileOf(origin: Origin | undefined): string | undefined {
    const found = source(origin);
    if (found?.from !== 'written') return undefined;
    return (this.#json.get(found.document) ?? this.#documents.get(found.document))?.file;
  }

  /** The scalar as it is spelt in the file: "1.30", which as a number would read 1.3. */
  spelling(origin: Origin | undefined): string | undefined {
    const found = source(origin);
    if (found?.from !== 'written') return undefined;
    const json = this.#json.get(found.document);
    if (json) return json.spelling(found.pointer);
    const from = this.#documents.get(found.document);
    const node = from && this.#nodeAt(from, found.pointer, 'value');
    return isScalar(node) ? node.source : undefined;
  }

  /** The node at `pointer`, or the nearest one above it. */
  #nodeAt(
    from: SourceDocument,
    pointer: readonly (string | number)[],
    part: 'value' | 'key',
  ): Node | undefined {
    let node: Node | undefined = from.document.contents ?? undefined;
    for (const [depth, step] of pointer.entries()) {
      const container: Node | undefined = isAlias(node) ? node.resolve(from.document) : node;
      if (isSeq(container)) {
        const item = container.items[Number(step)] as Node | undefined;
        if (!item) return node;
        node = item;
        continue;
      }
      if (!isMap(container)) return node;
      const pair = container.items.find(
        ({ key }) => isScalar(key) && String(key.source ?? key.value) === step,
      );
      if (!pair) return node;
      const last = depth === pointer.length - 1;
      const value = pair.value as Node | null;
      const empty = isScalar(value) && value.value === null && !value.source;
      node = (last && part === 'key') || !value || empty ? (pair.key as Node) : value;
    }
    return node;
  }
}
