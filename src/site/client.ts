// What the pages do in a browser: theme, languages, tabs, and bringing a chapter's lab to life.
import '../protocol/no-eval.ts';
import '../ui/fonts.css';
import '../ui/tokens.css';
import './styles/page.css';
import './styles/home.css';
import './styles/chapter.css';
import './styles/reference.css';
import './styles/classification.css';
import './styles/embed.css';
import { completeAddresses } from './client/addresses.ts';
import { takeOver } from './client/handover.ts';
import { startClassroom } from './client/classroom.ts';
import { startHomeRace } from './client/home-race.ts';
import { keepPlace } from './client/languages.ts';
import { startLab } from './client/lab.ts';
import { startMaker } from './client/maker.ts';
import { offline } from './client/offline.ts';
import { chooseTheme } from './client/theme.ts';

completeAddresses();
chooseTheme();
keepPlace();
startHomeRace();
startLab(takeOver());
void startMaker();
void startClassroom();
offline();
