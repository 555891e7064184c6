// Restores two snapshots of a file in turns, until it is killed. `restore-process.ts <file>`
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';

const actor = { userId: '00000000-0000-0000-0000-00000000000a' };
const store = openOrganizationStore({ file: process.argv[2] });
store.insert('account', { name: 'small' }, actor);
const small = store.saveSnapshot();
store.recreate(() => {
  for (let i = 0; i < 20; i++) store.insert('account', { name: 'large' }, actor);
});
store.addTable({ logicalName: 'new_parcel' });
const large = store.saveSnapshot();
process.stdout.write('ready\n');
for (;;) {
  store.restoreSnapshot(small);
  store.restoreSnapshot(large);
}
