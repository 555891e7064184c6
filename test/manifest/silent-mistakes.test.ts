import { expect } from 'chai';
import { compileSmall, tableFile } from './support/manifests.ts';

/** `CODE "underlined text" fix`, for each error and warning of an action, without the hint that it has no test. */
function diagnose(files: Readonly<Record<string, string>>): readonly string[] {
  const { diagnostics } = compileSmall(files);
  return diagnostics
    .filter(({ code }) => code !== 'M119')
    .map(({ code, severity, sourceLine, location: { column, length }, fix }) => {
      const text = sourceLine.slice(column - 1, column - 1 + length);
      return `${severity === 'warning' ? 'warning ' : ''}${code} ${text} -> ${fix}`;
    });
}

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const idInput = 'input: { required: [id], properties: { id: { title: Id, type: string, format: uuid } } }';

function action(rest: string): Readonly<Record<string, string>> {
  return { 'actions/case.try.yaml': `title: Try\ndescription: Tries.\n${rest}\n` };
}

function list(where: string): Readonly<Record<string, string>> {
  return action(
    `input: { properties: { limit: { title: Limit, type: integer, default: 5 } } }\nrequest: { list: case, where: ["${where}"] }\npagination: { limit: input.limit }`,
  );
}

const thing = (lookup: string) => ({
  'schemas/tables/thing.yaml': tableFile(
    'Thing',
    { logicalName: 'new_thing', primaryName: 'new_name' },
    `  owner: { title: Owner, x-lookup: ${lookup} }\n`,
  ),
});

describe('a literal id in YAML', () => {
  it('is an id', () => {
    expect(diagnose(action(`request: { get: case, id: ${id} }`))).to.deep.equal([]);
    expect(diagnose(action(`request: { method: GET, path: /incidents(${id}) }`))).to.deep.equal([]);
  });

  it('is refused if it is something else', () => {
    expect(diagnose(action('request: { get: case, id: hello }'))).to.deep.equal([
      'T113 hello -> write "{{input.id}}", or an id: 00000000-0000-0000-0000-000000000000',
    ]);
    expect(diagnose(action(`request: { delete: case, id: "\${input.id}" }`))).to.deep.equal([
      `T113 \${input.id} -> write "{{input.id}}"`,
    ]);
    expect(diagnose(action('request: { method: GET, path: "/incidents({input.id})" }'))).to.deep.equal([
      'T113 {input.id} -> write "{{input.id}}"',
    ]);
    expect(
      diagnose(
        action('request: { method: POST, path: /new_Try, body: { "a@odata.bind": "/accounts(hello)" } }'),
      ),
    ).to.deep.equal(['T113 hello -> write "{{input.id}}", or an id: 00000000-0000-0000-0000-000000000000']);
  });

  it('is not confused with functions, alternate keys and parameters', () => {
    for (const path of [
      '/WhoAmI()',
      "/incidents(ticketnumber='A1')",
      '/new_Try(Count=1,Name=@p)',
      "/EntityDefinitions(LogicalName='account')",
    ])
      expect(diagnose(action(`request: { method: GET, path: "${path}" }`)), path).to.deep.equal([]);
  });

  it('is a placeholder for an id, not for text', () => {
    const text = 'input: { required: [id], properties: { id: { title: Id, type: string, maxLength: 9 } } }';
    expect(diagnose(action(`${text}\nrequest: { get: case, id: "{{input.id}}" }`))).to.deep.equal([
      'T105 {{input.id}} -> give the input format: uuid, or name the key: (accountnumber={{input.id}})',
    ]);
  });
});

describe('a number in YAML', () => {
  it('is refused if a double would change its digits', () => {
    for (const number of [
      '9007199254740993',
      '-9223372036854775808',
      '1234567890123456.78',
      '0x20000000000001',
    ])
      expect(
        diagnose(action(`request: { method: POST, path: /new_Try, body: { A: ${number} } }`)),
        number,
      ).to.deep.equal([`Y107 ${number} -> put it in quotes, or use a number with fewer digits`]);
  });

  it('keeps its value otherwise', () => {
    for (const number of ['9007199254740991', '-0.5', '1e3', '12.50', '0x1F'])
      expect(
        diagnose(action(`request: { method: POST, path: /new_Try, body: { A: ${number} } }`)),
        number,
      ).to.deep.equal([]);
  });
});

describe('a placeholder in a name', () => {
  it('is refused in the names of a body, at any depth', () => {
    expect(
      diagnose(
        action(
          `${idInput}\nrequest: { method: POST, path: /new_Try, body: { A: [{ "{{input.id}}": 1 }], B: "{{input.id}}" } }`,
        ),
      ),
    ).to.deep.equal(['T109 "{{input.id}}" -> write the name itself']);
  });
});

describe('a query option', () => {
  it('is refused without its $', () => {
    expect(
      diagnose(action('request: { method: GET, path: /incidents, query: { filter: "prioritycode eq 1" } }')),
    ).to.deep.equal(['M109 filter -> write $filter']);
  });

  it('is refused if Dataverse does not know it', () => {
    expect(
      diagnose(action('request: { method: GET, path: /incidents, query: { $fitler: "prioritycode eq 1" } }')),
    ).to.deep.equal(['M109 $fitler -> did you mean "$filter"?']);
  });

  it('can be a view, FetchXML, a parameter or a tag', () => {
    for (const option of ['savedQuery: a', 'fetchXml: a', '"@p": "1"', 'tag: a', 'partitionId: a'])
      expect(
        diagnose(action(`request: { method: GET, path: /new_Try, query: { ${option} } }`)),
        option,
      ).to.deep.equal([]);
  });
});

describe('a column in a filter', () => {
  it('has the name that Dataverse has for it', () => {
    expect(diagnose(list('priority eq 1'))).to.deep.equal(['S120 priority -> write prioritycode']);
    expect(diagnose(list('not (priority eq 1) and (title eq null or parent ne null)'))).to.deep.equal([
      'S120 priority -> write prioritycode',
      'S120 parent -> write _parentcaseid_value',
    ]);
    expect(
      diagnose(
        list(
          "contains(title, 'a') and createdon ge 2026-01-01T00:00:00Z and statecode eq 0 and _ownerid_value ne null",
        ),
      ),
    ).to.deep.equal([]);
  });

  it('is refused if it looks like a misspelled one, and reported if the table file does not have it', () => {
    expect(diagnose(list('prioritycod eq 1'))).to.deep.equal([
      'S120 prioritycod -> did you mean prioritycode? Otherwise add the column to schemas/tables/case.yaml',
    ]);
    expect(diagnose(list('new_nosuch eq 1'))).to.deep.equal([
      'warning S120 new_nosuch -> add the column to schemas/tables/case.yaml, so that it can be checked',
    ]);
  });

  it('is checked in triggers and in requests with a path', () => {
    expect(
      diagnose(action('request: { method: GET, path: /incidents, query: { $filter: [priority eq 1] } }')),
    ).to.deep.equal(['S120 priority -> write prioritycode']);
    expect(
      diagnose({
        'triggers/case.seen.yaml':
          'title: Seen\ndescription: Sees.\nwatch: { table: case, changes: [created], where: [priority eq 1], every: 60s }\n',
      }),
    ).to.deep.equal(['S120 priority -> write prioritycode']);
  });

  it('is checked in an order, a selection, and in the names that a caller can choose', () => {
    const ordered = (orderBy: string, names: string) =>
      diagnose(
        action(
          `input: { properties: { limit: { title: Limit, type: integer, default: 5 }, by: { title: By, enum: [${names}], default: createdon } } }\nrequest: { list: case, orderBy: "${orderBy}" }\npagination: { limit: input.limit }`,
        ),
      ).filter((text) => !text.includes('S113'));
    expect(ordered('prioritycode desc,createdon', 'createdon')).to.deep.equal([]);
    expect(ordered('priority desc,createdon', 'createdon')).to.deep.equal([
      'S120 priority -> write prioritycode',
    ]);
    expect(ordered('{{input.by}} desc', 'createdon, prioritycode')).to.deep.equal([]);
    expect(ordered('{{input.by}} desc', 'createdon, priority')).to.deep.equal([
      'S120 {{input.by}} -> write prioritycode',
    ]);
    expect(
      diagnose(action('request: { method: GET, path: /incidents, query: { $select: "title,priority" } }')),
    ).to.deep.equal(['S120 priority -> write prioritycode']);
  });

  it('is checked in verifyWith', () => {
    const verify = (expect: string) =>
      diagnose(
        action(
          `${idInput}\nrequest: { method: POST, path: /new_Try, verifyWith: { path: "/incidents({{input.id}})", expect: { ${expect} } } }`,
        ),
      );
    expect(verify('statecode: 1')).to.deep.equal([]);
    expect(verify('state: 1')).to.deep.equal(['S120 state -> write statecode']);
    expect(verify('statecod: 1')).to.deep.equal([
      'S120 statecod -> did you mean statecode? Otherwise add the column to schemas/tables/case.yaml',
    ]);
    expect(verify('statecode: 7')).to.deep.equal([
      'S121 7 -> use one of 0 (active), 1 (resolved), or add it to x-choices',
    ]);
  });
});

describe('a literal choice', () => {
  it('is refused in a filter if it is a label, or a number that the table file does not have', () => {
    expect(diagnose(list("prioritycode eq 'high'"))).to.deep.equal(["S121 'high' -> write 1"]);
    expect(diagnose(list('prioritycode ne 9'))).to.deep.equal([
      'S121 9 -> use one of 1 (high), 2 (normal), 3 (low), or add it to x-choices',
    ]);
    expect(
      diagnose(list('prioritycode eq 1 or prioritycode eq null or prioritycode eq 100000007')),
    ).to.deep.equal([]);
  });

  it('is refused in values and changedTo', () => {
    expect(diagnose(action(`request: { update: case, id: ${id}, values: { priority: 9 } }`))).to.deep.equal([
      'S121 9 -> use one of 1 (high), 2 (normal), 3 (low), or add it to x-choices',
    ]);
    expect(diagnose(action(`request: { update: case, id: ${id}, values: { priority: 2 } }`))).to.deep.equal(
      [],
    );
    expect(
      diagnose({
        'triggers/case.seen.yaml':
          'title: Seen\ndescription: Sees.\nwatch: { table: case, changes: [updated], changedTo: { priority: 9 }, every: 60s }\n',
      }),
    ).to.deep.equal(['S121 9 -> use one of 1 (high), 2 (normal), 3 (low), or add it to x-choices']);
  });
});

describe('a lookup to a table without a file', () => {
  it('has the fix that its name in Dataverse is needed, and the fix is valid', () => {
    expect(diagnose(thing('{ column: ownerid, targets: { user: ownerid } }'))).to.deep.equal([
      'S104 user -> add the names of the table: user: { navigation: ownerid, entitySet: ..., name: ... }',
    ]);
    expect(
      diagnose(
        thing(
          '{ column: ownerid, targets: { user: { navigation: ownerid, entitySet: systemusers, name: systemuser } } }',
        ),
      ),
    ).to.deep.equal([]);
  });
});

describe('a $ref', () => {
  it('can have a title, a description and a default, which replace those of the column', () => {
    const { definition, diagnostics } = compileSmall(
      action(
        'input: { properties: { level: { $ref: ../schemas/tables/case.yaml#/properties/priority, title: Level, description: How urgent it is., default: high } } }\nrequest: { method: POST, path: /new_Try, body: { A: "{{input.level}}" } }',
      ),
    );
    expect(diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    const { properties } = definition?.actions['case.try']?.input ?? {};
    const { level } = (properties ?? {}) as { readonly level?: object };
    expect(level).to.include({ title: 'Level', description: 'How urgent it is.', default: 'high' });
    expect(level).to.have.property('anyOf');
  });

  it('is refused with a default that the column does not take, and with other keys', () => {
    const withKey = (key: string) =>
      diagnose(
        action(
          `input: { properties: { level: { $ref: ../schemas/tables/case.yaml#/properties/priority, ${key} } } }\nrequest: { method: POST, path: /new_Try, body: { A: "{{input.level}}" } }`,
        ),
      ).map((text) => text.split(' ->')[0]);
    expect(withKey('default: urgent')).to.deep.equal(['S114 urgent']);
    expect(withKey('maxLength: 3')).to.deep.equal(['M102 maxLength']);
  });
});
