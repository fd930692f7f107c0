/** What Signet answers, as tables for people: made from openapi.yaml. */

interface Contract {
  readonly tags: readonly Tag[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Tag {
  readonly name: string;
  readonly description: string;
  readonly 'x-refusals'?: readonly string[];
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary: string;
  readonly deprecated?: boolean;
  readonly externalDocs?: { readonly url: string };
  readonly 'x-family'?: string;
  readonly 'x-fidelity'?: string;
  readonly 'x-refusals'?: readonly string[];
}

interface Row extends Operation {
  readonly method: string;
  readonly path: string;
}

const rowsOf = ({ paths }: Contract, tag: Tag): Row[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { tags }]) => tags?.[0] === tag.name)
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );

/** Below a project or a gateway the rest of the path says it all, and the KMS is asked by POST. */
const short = ({ method, path }: Row): string => {
  const name = path.replace(/^\/v1\.0\/\{project_id\}\/(kms\/)?/, '');
  if (name !== path && method === 'POST') return `\`${name}\``;
  return `\`${method} ${name.replace('/v2/{project_id}/apigw/instances/{instance_id}/', '')}\``;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** For the README: the operations by what they are for; older generations are only in docs/fidelity.md. */
export function coverageTable(contract: Contract): string {
  const families = contract.tags.flatMap((tag) => {
    const rows = rowsOf(contract, tag).filter(({ deprecated }) => deprecated !== true);
    const names = new Set(rows.map((row) => row['x-family'] ?? tag.description));
    return [...names].map((name) => ({
      name,
      rows: rows.filter((row) => (row['x-family'] ?? tag.description) === name),
    }));
  });
  return table(
    ['', 'operations'],
    families.map(({ name, rows }) => [name, rows.map(short).join(', ')]),
  );
}

/** docs/fidelity.md: where each operation is documented, how well it is known, and how it may refuse. */
export function fidelityDocument(contract: Contract): string {
  const sections = contract.tags.map((tag) => {
    const rows = rowsOf(contract, tag);
    const always = tag['x-refusals'] ?? [];
    const lines = rows.map((row) => [
      `\`${row.method} ${row.path}\`<br>${row.summary}`,
      row['x-fidelity'] ?? 'ours',
      row.externalDocs ? `[page](${row.externalDocs.url})` : '',
      (row['x-refusals'] ?? []).join(', '),
    ]);
    return [
      `## ${tag.description}`,
      ...(always.length > 0 ? [`Every operation may refuse with ${always.join(', ')}.`] : []),
      table(['operation', 'known as', 'source', 'refusals of its own'], lines),
    ].join('\n\n');
  });
  return [introduction, ...sections].join('\n\n');
}

const introduction = `# How well each fact is known

Made from openapi.yaml by \`npm run generate\`. The marks say where an operation's requests, answers and refusals come from:

- \`observed\`: seen in an answer of the real service that somebody quoted.
- \`documented\`: stated by the vendor's reference; where the reference contradicts itself, the tests say which side was taken.
- \`assumed\`: not stated anywhere, or only as a field of the vendor's SDK; our best guess at what the service does.
- \`ours\`: no cloud has it.

The codes are those of the vendor's error tables: [KMS](https://docs.otc.t-systems.com/key-management-service/api-ref/appendix/error_code.html),
[API Gateway](https://docs.otc.t-systems.com/api-gateway/api-ref/appendix/error_codes.html),
[OCI](https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm).`;
