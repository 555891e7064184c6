import type { Answer } from '../exchange.ts';
import { changeText, type Mutation, type Mutator, pick } from './mutation.ts';

/** Headers with a value that is the same for the same request. */
const fixedHeaders = [
  'content-type',
  'odata-version',
  'preference-applied',
  'cache-control',
  'expires',
  'allow',
  'public',
  'vary',
];

const changeStatus: Mutator = (answer, random) => {
  const others = [200, 201, 204, 304, 400, 403, 404, 412, 429, 500].filter(
    (status) => status !== answer.status,
  );
  const status = pick(others, random) ?? 0;
  return { name: `status ${status}`, answer: { ...answer, status } };
};

const changeHeader: Mutator = (answer, random) => {
  const name = pick(
    fixedHeaders.filter((header) => header in answer.headers),
    random,
  );
  if (name === undefined) return undefined;
  const value = answer.headers[name] ?? '';
  // The boundary of a batch is a new GUID.
  const changed = value.includes('boundary=') ? value.replace('mixed', 'related') : changeText(value, random);
  return withHeader(answer, name, changed);
};

/** Headers whose values contain ids, times or counts, each in a wrong form. */
const changeForm: Mutator = (answer, random) => {
  const wrong: Record<string, (value: string) => string> = {
    etag: (value) => value.replace('W/', ''),
    'odata-entityid': (value) => changeSet(value),
    location: (value) => changeSet(value),
    req_id: (value) => value.slice(1),
    'x-ms-service-request-id': (value) => `${value},${value}`,
    authactivityid: (value) => `{${value}}`,
    'set-cookie': (value) => value.replace('HttpOnly', 'SameSite=Lax'),
    'x-ms-ratelimit-burst-remaining-xrm-requests': () => '12',
    'x-ms-ratelimit-time-remaining-xrm-requests': () => 'many',
  };
  const name = pick(
    Object.keys(wrong).filter((header) => header in answer.headers),
    random,
  );
  const change = wrong[name ?? ''];
  return name && change ? withHeader(answer, name, change(answer.headers[name] ?? '')) : undefined;
};

function changeSet(url: string): string {
  return url.replace(/\/(\w+)\(/, '/$1s(');
}

const removeHeader: Mutator = (answer, random) => {
  const names = Object.keys(answer.headers).filter(
    (name) =>
      !/^(?:date|connection|keep-alive|content-length|content-encoding|transfer-encoding)$/.test(name),
  );
  const name = pick(names, random);
  if (name === undefined) return undefined;
  const { [name]: _, ...headers } = answer.headers;
  return { name: `without header ${name}`, answer: { ...answer, headers } };
};

const addHeader: Mutator = (answer, random) =>
  withHeader(answer, `x-extra-${Math.floor(random.next() * 100)}`, '1');

function withHeader(answer: Answer, name: string, value: string): Mutation {
  return {
    name: `header ${name}: ${value}`,
    answer: { ...answer, headers: { ...answer.headers, [name]: value } },
  };
}

/** Changes a line of a batch. */
const changeBatch: Mutator = (answer, random) => {
  if (!answer.body.startsWith('--batchresponse')) return undefined;
  const changes: readonly ((body: string) => string)[] = [
    (body) => body.replace('HTTP/1.1 204', 'HTTP/1.1 200'),
    (body) => body.replace('HTTP/1.1 200', 'HTTP/1.1 404'),
    (body) => body.replace('OData-Version: 4.0', 'OData-Version: 4.01'),
    (body) => body.replace(/OData-Version: 4.0\r\n/, ''),
    (body) => body.replace('Content-ID: 1', 'Content-ID: 2'),
    (body) => body.replace('/accounts(', '/contacts('),
    (body) => body.replace('"name":"', '"name":"Old '),
    (body) => body.replace('"revenue":', '"income":'),
    (body) => body.replace('odata.metadata=minimal', 'odata.metadata=full'),
  ];
  const index = Math.floor(random.next() * changes.length);
  const body = changes[index]?.(answer.body) ?? answer.body;
  return body === answer.body ? undefined : { name: `batch line ${index}`, answer: { ...answer, body } };
};

export const httpMutators: readonly Mutator[] = [
  changeStatus,
  changeHeader,
  changeForm,
  removeHeader,
  addHeader,
  changeBatch,
];
