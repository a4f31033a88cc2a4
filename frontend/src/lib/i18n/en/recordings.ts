import { plural } from './plural.ts';

const files = (count: number) => plural(count, { one: '1 file', other: '# files' });
const runs = (count: number) => plural(count, { one: '1 run', other: '# runs' });
const plays = (count: number) => plural(count, { one: '1 play', other: '# plays' });

export const recordings = {
  title: 'Files of this run',
  gives: (columns: string) => `gives ${columns}`,
  givesAll: 'gives everything',
  givesNothing: 'gives nothing that another file does not know better',
  column: {
    latitude: 'the way',
    distance_m: 'distance',
    speed_mps: 'speed',
    heart_rate_bpm: 'heart rate',
    cadence_spm: 'steps',
    altitude_m: 'altitude',
  },
  remove: 'Take out',
  removeTitle: (file: string) => `Take ${file} out of this run?`,
  removeText:
    'The run is then what its other files tell. The file goes; importing it again brings it back.',
  removeConfirm: 'Take it out',
  split: 'Make it its own run',
  keep: 'Keep it',
  sameTitle: 'Looks like the same run',
  sameText: (name: string) => `“${name}” was at the same time.`,
  join: 'Join them',
  look: 'Look at it',
  undo: {
    start: 'Undo this import',
    title: 'Undo this import?',
    goes: (fileCount: number, runCount: number, playCount: number) => {
      const parts = [
        runCount > 0 ? runs(runCount) : '',
        fileCount > runCount ? files(fileCount) + ' in all' : '',
        playCount > 0 ? plays(playCount) : '',
      ];
      return `What goes: ${parts.filter(Boolean).join(', ') || 'nothing'}.`;
    },
    runsKept: (count: number) => `${runs(count)} will stay, as other files tell of them.`,
    kept: (fileCount: number, playCount: number) => {
      const parts = [fileCount > 0 ? files(fileCount) : '', playCount > 0 ? plays(playCount) : ''];
      return `Another import brought ${parts.filter(Boolean).join(' and ')}, too: these stay.`;
    },
    text: 'You can import the same files again at any time.',
    confirm: 'Undo it',
    keep: 'Keep it',
  },
};
