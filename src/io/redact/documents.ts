/** Takes out of an input what people called things, in all its documents alike. */
import type { LoadedDocument } from '../files.ts';
import { redactAws } from './aws.ts';
import { redactKubernetes } from './kubernetes.ts';
import { Names } from './names.ts';

/** Changes the values in place. What is no manifest is taken for a dump of AWS. */
export function redactDocuments(documents: readonly LoadedDocument[]): void {
  const names = new Names();
  for (const { value } of documents)
    if (typeof value.kind === 'string' && typeof value.apiVersion === 'string')
      redactKubernetes(value, names);
    else redactAws(value, names);
}
