/** Names and labels (Kubernetes "Object Names and IDs", "Labels and Selectors"), checked as the API server does. */
import type { LabelSelector, Metadata } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import type { LabelSelectorFile, MetadataFile } from './schema-common.ts';

export type NameRule = 'label' | 'subdomain' | 'any';

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const labelValue = /^(|[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;

/** Metadata of an object; undefined, with an issue, where it has no name. */
export function readMetadata(
  reading: Reading,
  written: MetadataFile,
  scope: { readonly namespaced: boolean; readonly names: NameRule },
): Metadata | undefined {
  checkLabels(reading, written.labels);
  const { name, namespace = 'default' } = written;
  if (name === undefined) {
    const message = 'the object has no metadata.name';
    const hint = Object.hasOwn(written, 'generateName')
      ? 'give it a name in place of generateName'
      : undefined;
    reading.error(reading.of(written), { code: 'k8s/missing-field', message, hint });
    return undefined;
  }
  checkName(reading, written, 'name', name, scope.names);
  if (scope.namespaced) checkName(reading, written, 'namespace', namespace, 'label');
  return {
    name,
    namespace: scope.namespaced ? namespace : '',
    labels: written.labels ?? {},
    annotations: written.annotations ?? {},
  };
}

export function checkName(
  reading: Reading,
  container: object,
  key: string,
  name: string,
  rule: NameRule,
): void {
  const good =
    rule === 'label' ? label.test(name) : rule === 'subdomain' ? subdomain.test(name) : name !== '';
  if (good) return;
  const lower = name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  reading.error(reading.of(container, key), {
    code: 'k8s/invalid-name',
    message: `${JSON.stringify(name)} is not a name Kubernetes takes`,
    hint:
      lower !== name && subdomain.test(lower)
        ? `did you mean ${lower}?`
        : 'lower-case letters, digits and dashes, beginning and ending with a letter or digit',
  });
}

export function checkLabels(reading: Reading, labels: Readonly<Record<string, string>> | undefined): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const at = reading.of(labels!, key);
    if (!isLabelKey(key))
      reading.errorAtKey(at, {
        code: 'k8s/invalid-label',
        message: `${JSON.stringify(key)} is not a label key`,
      });
    if (!labelValue.test(value))
      reading.error(at, {
        code: 'k8s/invalid-label',
        message: `${JSON.stringify(value)} is not a label value`,
        hint: 'at most 63 letters, digits, dashes, underscores and dots, with a letter or digit at both ends',
      });
  }
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  return slash < 0
    ? qualifiedName.test(key)
    : subdomain.test(key.slice(0, slash)) && qualifiedName.test(key.slice(slash + 1));
}

export function readSelector(reading: Reading, written: LabelSelectorFile): LabelSelector {
  checkLabels(reading, written.matchLabels);
  return {
    matchLabels: written.matchLabels ?? {},
    matchExpressions: (written.matchExpressions ?? []).map((expression) => {
      const { key, operator, values = [] } = expression;
      if (operator === 'Gt' || operator === 'Lt') {
        const message = `a label selector has no operator ${operator}`;
        const hint = 'one of In, NotIn, Exists, DoesNotExist';
        reading.error(reading.of(expression, 'operator'), { code: 'k8s/invalid-value', message, hint });
      }
      checkValues(reading, expression);
      return { key, operator, values };
    }),
  };
}

/** In and NotIn need values, Exists and DoesNotExist have none, Gt and Lt compare with one number. */
export function checkValues(
  reading: Reading,
  expression: { readonly operator: string; readonly values?: readonly string[] | undefined },
): void {
  const { operator, values = [] } = expression;
  const wanted =
    operator === 'In' || operator === 'NotIn'
      ? values.length > 0 || 'at least one value'
      : operator === 'Gt' || operator === 'Lt'
        ? (values.length === 1 && /^-?\d+$/.test(values[0]!)) || 'one whole number as value'
        : values.length === 0 || 'no values';
  if (wanted === true) return;
  const message = `the operator ${operator} takes ${wanted}`;
  reading.error(reading.of(expression), { code: 'k8s/invalid-value', message });
}
