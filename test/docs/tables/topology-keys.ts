/** Every key of the topology file: type from its schema, meaning and default from key-meanings.ts. */
import { topologyJsonSchema } from '../../../src/world/schema.ts';
import { meanings } from './key-meanings.ts';
import { table } from './table.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

interface Key {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** A map or the members of a list, with its keys. `vpcs[].subnets[]`; the file itself is ''. */
interface Level {
  readonly path: string;
  readonly keys: readonly Key[];
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** The levels of the file, outer ones first, in the order of the schema. */
export function levels(schema: Schema = topologyJsonSchema(), path = ''): Level[] {
  const keys = Object.entries(schema.properties ?? {}).map(([name, inner]) => ({
    name,
    schema: inner,
    required: schema.required?.includes(name) ?? false,
  }));
  return [{ path, keys }, ...keys.flatMap((key) => below(key.schema, join(path, key.name)))];
}

function below(schema: Schema, path: string): Level[] {
  if (schema.properties) return levels(schema, path);
  if (schema.items?.properties) return levels(schema.items, `${path}[]`);
  const values = schema.additionalProperties;
  if (typeof values === 'object' && values.properties) return levels(values, `${path}.NAME`);
  return (schema.anyOf ?? []).flatMap((one) => below(one, path));
}

export function topologyKeys(): string {
  return levels()
    .filter(({ path }) => path !== 'variants.NAME.expect[]')
    .map(({ path, keys }) => `${headingOf(path)}\n\n${rowsOf(path, keys)}`)
    .join('\n\n');
}

function headingOf(path: string): string {
  return path === '' ? '### The file' : `### \`${path}\``;
}

function rowsOf(path: string, keys: readonly Key[]): string {
  return table(
    ['Key', 'Type', 'Default', 'Meaning'],
    keys.map(({ name, schema, required }) => {
      const meaning = meanings[join(path, name)];
      if (!meaning) throw new Error(`${join(path, name)} has no meaning in key-meanings.ts`);
      const fallback = required
        ? 'required'
        : meaning.by
          ? `${meaning.default} (${meaning.by})`
          : meaning.default;
      return [`\`${name}\``, typeOf(schema), fallback ?? '', meaning.means];
    }),
  );
}

function typeOf(schema: Schema): string {
  if (schema.const) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.description) return schema.description;
  if (schema.type === 'array')
    return schema.items?.description ? `a list: ${schema.items.description}` : 'a list';
  if (schema.type === 'integer') return `a number from ${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.properties ? 'a map' : schema.type === 'string' ? 'text' : 'anything';
}
