import { addCopyButtons } from './copy.js';
import { followContents } from './contents.js';
import { openFind } from './find.js';
import { letScrollByKey } from './scrolling.js';

addCopyButtons();
letScrollByKey();
followContents();
openFind();
