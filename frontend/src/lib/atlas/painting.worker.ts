import { Painting, type Wish } from './painting.ts';

const painting = new Painting();

addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | Wish>) => {
  if (data instanceof ArrayBuffer) {
    postMessage({ added: painting.add(data) });
    return;
  }
  const painted = painting.paint(data);
  postMessage(
    { painted },
    { transfer: [painted.pixels.buffer, painted.owner.buffer, painted.inView.buffer] },
  );
});
