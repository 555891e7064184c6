import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('?sql=', () => {
  let fixture: WebApiFixture;
  const get = (sql: string, set = 'accounts', headers = {}) =>
    fixture.get(`${set}?sql=${encodeURIComponent(sql)}`, headers);
  const rows = (sql: string, set = 'accounts') => {
    const { status, json, text } = get(sql, set);
    expect(status, text).to.equal(200);
    return json.value as Record<string, unknown>[];
  };
  const values = (sql: string, column: string) => rows(sql).map((row) => row[column]);

  before(() => {
    fixture = createWebApiFixture();
    const { create } = fixture;
    const contoso = create('accounts', { name: 'Contoso', numberofemployees: 10, address1_city: 'Oslo' });
    const fabrikam = create('accounts', { name: 'Fabrikam', numberofemployees: 20, address1_city: 'Oslo' });
    create('accounts', { name: "O'Hara", numberofemployees: 30 });
    for (const lastname of ['Ay', 'Bee'])
      create('contacts', { lastname, 'parentcustomerid_account@odata.bind': `/accounts(${contoso})` });
    create('contacts', { lastname: 'Cee', 'parentcustomerid_account@odata.bind': `/accounts(${fabrikam})` });
  });
  after(() => fixture.store.close());

  it('selects columns with conditions, an order and a limit', () => {
    const all = 'SELECT name FROM account';
    expect(values(`${all} ORDER BY name`, 'name')).to.deep.equal(['Contoso', 'Fabrikam', "O'Hara"]);
    expect(values(`${all} WHERE name = 'O''Hara'`, 'name')).to.deep.equal(["O'Hara"]);
    expect(values(`${all} WHERE numberofemployees >= 20 ORDER BY name DESC`, 'name')).to.deep.equal([
      "O'Hara",
      'Fabrikam',
    ]);
    expect(
      values(`${all} WHERE name LIKE '%o%' AND NOT name LIKE 'c%'`.replace('NOT name', 'name NOT'), 'name'),
    ).to.deep.equal(["O'Hara"]);
    expect(values(`${all} WHERE address1_city IS NULL`, 'name')).to.deep.equal(["O'Hara"]);
    expect(values(`${all} WHERE address1_city <> 'Bergen' ORDER BY name`, 'name')).to.deep.equal([
      'Contoso',
      'Fabrikam',
    ]);
    expect(
      values(
        `${all} WHERE name IN ('Contoso', 'x') OR numberofemployees BETWEEN 25 AND 35 ORDER BY name`,
        'name',
      ),
    ).to.deep.equal(['Contoso', "O'Hara"]);
    expect(values('SELECT TOP 1 name FROM Account ORDER BY numberofemployees DESC', 'name')).to.deep.equal([
      "O'Hara",
    ]);
    expect(
      values('SELECT name FROM account ORDER BY name OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY', 'name'),
    ).to.deep.equal(['Fabrikam']);
  });

  it('names columns by their alias, and distinct values once', () => {
    expect(
      rows("SELECT a.name AS n, a.numberofemployees size FROM account AS a WHERE a.name = 'Contoso'")[0],
    ).to.include({ n: 'Contoso', size: 10 });
    expect(
      values('SELECT DISTINCT address1_city FROM account WHERE address1_city IS NOT NULL', 'address1_city'),
    ).to.deep.equal(['Oslo']);
  });

  it('joins tables, with the columns of each under their own names', () => {
    const inner = rows(
      'SELECT a.name, c.lastname FROM account a JOIN contact c ON a.accountid = c.parentcustomerid ORDER BY c.lastname',
    );
    expect(inner.map(({ name, lastname }) => [name, lastname])).to.deep.equal([
      ['Contoso', 'Ay'],
      ['Contoso', 'Bee'],
      ['Fabrikam', 'Cee'],
    ]);
    const outer = rows(
      "SELECT a.name, c.lastname FROM account a LEFT JOIN contact c ON c.parentcustomerid = a.accountid AND c.lastname = 'Ay' ORDER BY a.name",
    );
    expect(outer.map(({ name, lastname }) => [name, lastname])).to.deep.equal([
      ['Contoso', 'Ay'],
      ['Fabrikam', undefined],
      ["O'Hara", undefined],
    ]);
    const filtered =
      "SELECT a.name FROM account a INNER JOIN contact c ON a.accountid = c.parentcustomerid WHERE c.lastname = 'Cee'";
    expect(values(filtered, 'name')).to.deep.equal(['Fabrikam']);
    expect(rows('SELECT TOP 50 a.name, c.lastname FROM account a, contact c')).to.have.length(9);
  });

  it('aggregates and groups', () => {
    expect(
      rows(
        'SELECT COUNT(*) AS n, SUM(numberofemployees) total, MAX(numberofemployees) AS most FROM account',
      )[0],
    ).to.include({ n: 3, total: 60, most: 30 });
    const groups = rows(
      'SELECT a.name, COUNT(c.contactid) AS n FROM account a JOIN contact c ON a.accountid = c.parentcustomerid GROUP BY a.name ORDER BY n DESC',
    );
    expect(groups.map(({ name, n }) => [name, n])).to.deep.equal([
      ['Contoso', 2],
      ['Fabrikam', 1],
    ]);
    expect(rows('SELECT COUNT(DISTINCT address1_city) AS n FROM account')[0]).to.include({ n: 1 });
  });

  it('pages with next links', () => {
    const found: unknown[] = [];
    let path: string | undefined =
      `accounts?sql=${encodeURIComponent('SELECT name FROM account ORDER BY name')}`;
    while (path !== undefined) {
      const { json } = fixture.get(path, { Prefer: 'odata.maxpagesize=2' });
      found.push(...json.value.map(({ name }: { name: string }) => name));
      path = json['@odata.nextLink'];
    }
    expect(found).to.deep.equal(['Contoso', 'Fabrikam', "O'Hara"]);
  });

  const refused: readonly string[] = [
    'SELECT * FROM account',
    'SELECT a.* FROM account a',
    "DELETE FROM account WHERE name = 'x'",
    'SELECT name FROM account a RIGHT JOIN contact c ON a.accountid = c.parentcustomerid',
    'SELECT name FROM account CROSS JOIN contact',
    'SELECT name FROM account FULL OUTER JOIN contact c ON accountid = c.parentcustomerid',
    'SELECT name FROM account UNION SELECT fullname FROM contact',
    'SELECT address1_city, COUNT(*) FROM account GROUP BY address1_city HAVING COUNT(*) > 1',
    'WITH a AS (SELECT name FROM account) SELECT name FROM a',
    'SELECT name FROM account WHERE accountid IN (SELECT parentcustomerid FROM contact)',
    "SELECT CASE WHEN name = 'x' THEN 1 ELSE 0 END FROM account",
    'SELECT UPPER(name) FROM account',
    'SELECT TOP 5001 name FROM account',
    'SELECT name, COUNT(*) FROM account',
    'SELECT nope FROM account',
    'SELECT name FROM nope',
    'SELECT fullname FROM contact',
    'SELECT name FROM account;;',
    "SELECT name FROM account WHERE name = 'open",
    '',
  ];
  for (const sql of refused)
    it(`refuses ${sql.slice(0, 90) || 'an empty statement'}`, () => {
      const { status, json } = get(sql);
      expect(status).to.equal(400);
      expect(json.error.message).to.be.a('string');
    });

  it('is a parameter of entity sets only', () => {
    expect(fixture.get('WhoAmI?sql=SELECT').status).to.equal(400);
  });
});
