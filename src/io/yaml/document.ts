/** YAML text to documents with positions (YAML 1.2 core schema, plus the `<<` merge key that Kubernetes and
 *  eksctl accept). Nesting is measured on the flat token tree first: composing recurses, and a stack that runs
 *  out inside a regular expression would end the process. */
import { Composer, type CST, type Document, LineCounter, type ParsedNode, Parser } from 'yaml';
import type { Issue, Position } from '../../base/issue.ts';

export interface SourceDocument {
  /** Key of the document in origins: the file, with "#2" for its second document. */
  readonly key: string;
  readonly file: string;
  readonly document: Document.Parsed<ParsedNode>;
  readonly lines: LineCounter;
}

/** Deeper than any CustomResourceDefinition in the field. */
const MAX_DEPTH = 200;
/** One slip often makes a parser stumble on every line that follows. */
const MAX_SYNTAX_ERRORS = 20;

export function parseYaml(
  file: string,
  text: string,
): { documents: readonly SourceDocument[]; issues: readonly Issue[] } {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    const message = `values are nested more than ${MAX_DEPTH} deep`;
    return {
      documents: [],
      issues: [issue('error', 'yaml/too-deep', positionAt(file, lines, deep), message)],
    };
  }
  const issues: Issue[] = [];
  const documents: SourceDocument[] = [];
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, keepSourceTokens: false });
  for (const document of composer.compose(tokens, false, text.length)) {
    const number = documents.length + 1;
    documents.push({ key: number === 1 ? file : `${file}#${number}`, file, document, lines });
    for (const error of document.errors) {
      const code = error.code === 'TAB_AS_INDENT' ? 'yaml/tab' : 'yaml/syntax';
      const hint = code === 'yaml/tab' ? 'indent with spaces' : syntaxHint(text, error.pos[0]);
      issues.push(issue('error', code, positionAt(file, lines, error.pos[0]), error.message, hint));
    }
    for (const warning of document.warnings)
      issues.push(issue('warning', 'yaml/warning', positionAt(file, lines, warning.pos[0]), warning.message));
  }
  return { documents, issues: issues.slice(0, MAX_SYNTAX_ERRORS) };
}

export function positionAt(file: string, lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Offset of the first token nested too deep. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const left = [...tokens];
  const depths = tokens.map(() => 0);
  const add = (token: CST.Token | null | undefined, depth: number): void => {
    if (!token) return;
    left.push(token);
    depths.push(depth);
  };
  for (let token = left.pop(); token; token = left.pop()) {
    const depth = depths.pop()!;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document') add(token.value, depth);
    else if ('items' in token)
      for (const item of token.items) {
        add(item.key, depth + 1);
        add(item.value, depth + 1);
      }
  }
  return undefined;
}

/** A value that starts with a character YAML reserves is the commonest slip. */
function syntaxHint(text: string, offset: number): string | undefined {
  const character = text[offset];
  return character !== undefined && '@`%*&!|>'.includes(character)
    ? `put a value that starts with ${character} in quotes`
    : undefined;
}

function issue(
  severity: Issue['severity'],
  code: string,
  at: Position,
  message: string,
  hint?: string | undefined,
): Issue {
  return { severity, code, at, message, hint };
}
