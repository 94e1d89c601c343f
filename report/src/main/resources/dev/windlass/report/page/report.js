(() => {
  'use strict';

  const source = document.getElementById('timeline-data');
  if (!source) {
    return;
  }
  const data = JSON.parse(source.textContent);
  const attempts = data.task.length;
  const PHASES = ['waiting', 'staging', 'running', 'publishing'];
  const WAITING = 0;
  const BAND = 54; // height of a row that is closed
  const WAIT = 14; // in it, the line on which those that wait stand
  const MARKS = 16; // below it the marks of failures begin,
  const PLACED = 25; // and below them those that have their place
  const AXIS = 24;
  const MOST_LANES = 400; // with more, those with nothing to show are left out, and all are thin
  const LONGEST_PRINT = 8000; // browsers draw nothing on a canvas that is too tall
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500,
    ...[1, 2, 5, 10, 15, 30].map(n => n * SECOND), ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
    ...[1, 2, 3, 6, 12].map(n => n * HOUR), ...[1, 2, 7, 14, 28, 91, 364, 3640].map(n => n * DAY)];

  const begins = (attempt, phase) => data.phases[8 * attempt + 2 * phase];
  const length = (attempt, phase) => data.phases[8 * attempt + 2 * phase + 1];
  const has = (attempt, phase) => length(attempt, phase) >= 0;
  const ends = (attempt, phase) => begins(attempt, phase) + length(attempt, phase);
  const number = n => Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const whole = Math.max(1, data.end);

  const view = document.getElementById('timeline-view');
  const said = document.getElementById('timeline-said');
  const find = document.getElementById('timeline-find');
  const make = (tag, parent, className) => {
    const element = document.createElement(tag);
    element.className = className || '';
    parent.append(element);
    return element;
  };
  const axis = make('canvas', view);
  const scroller = make('div', view, 'scroller');
  const canvas = make('canvas', scroller);
  const filler = make('div', scroller);
  const labels = make('div', scroller, 'labels');
  const hint = make('div', view, 'hint');
  hint.hidden = true;
  axis.setAttribute('aria-hidden', 'true');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', 'How many attempts were in which phase when; in numbers in the tables below');
  scroller.tabIndex = 0;
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', 'Timeline; the buttons in it open a row');
  const printing = matchMedia('print');

  // ---- words ----

  function duration(ms) {
    const two = n => String(Math.floor(n)).padStart(2, '0');
    const s = ms / SECOND;
    if (s < 1) return Math.round(ms) + ' ms';
    if (s < 60) return (Math.floor(s * 10) / 10).toFixed(1) + ' s';
    if (s < 3600) return Math.floor(s / 60) + ':' + two(s % 60) + ' min';
    return Math.floor(s / 3600) + ':' + two(s / 60 % 60) + ':' + two(s % 60) + ' h';
  }

  function offset(time) {
    let found = data.offsets[1];
    for (let i = 0; i < data.offsets.length && data.offsets[i] <= time; i += 2) {
      found = data.offsets[i + 1];
    }
    return found;
  }

  const local = time => new Date(data.zero + time + offset(time)).toISOString();
  const clock = time => local(time).slice(0, 19).replace('T', ' ');

  function nameOf(attempt) {
    return data.tasks[data.task[attempt]] + '/' + data.index[attempt]
      + ' attempt ' + data.number[attempt];
  }

  function story(attempt) {
    const times = PHASES.map((name, phase) => has(attempt, phase)
      ? name + ' ' + duration(length(attempt, phase)) : '').filter(text => text);
    const first = PHASES.findIndex((name, phase) => has(attempt, phase));
    return [nameOf(attempt) + ' on ' + data.nodes[data.node[attempt]],
      (first < 0 ? 'times unknown' : 'from ' + clock(begins(attempt, first)) + ': ' + times.join(', ')),
      data.outcomes[data.outcome[attempt]]];
  }

  // ---- what is shown ----

  const state = { mode: 'task', from: 0, to: whole, selected: -1 };
  const modes = { task: groups(data.tasks, data.task), node: groups(data.nodes, data.node) };
  let height = 0;
  let width = 0;
  let left = 0;
  let plot = 0;
  let colours = {};

  function groups(names, of) {
    const all = names.map(name => ({ name, items: [], open: false, lanes: null, shown: [], laneHeight: 0, y: 0, height: 0 }));
    for (let i = 0; i < attempts; i++) {
      all[of[i]].items.push(i);
    }
    all.forEach(group => {
      group.waiting = most(group.items, attempt => [WAITING]);
      group.placed = most(group.items, attempt => [1, 2, 3]);
    });
    return all.filter(group => group.items.length > 0);
  }

  /** How many at most are in some phases at once. */
  function most(items, phases) {
    const changes = [];
    items.forEach(attempt => phases(attempt).forEach(phase => {
      if (length(attempt, phase) > 0) {
        changes.push([begins(attempt, phase), 1], [ends(attempt, phase), -1]);
      }
    }));
    changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let now = 0;
    let found = 0;
    changes.forEach(change => {
      now += change[1];
      found = Math.max(found, now);
    });
    return found;
  }

  /** The lines in which the attempts of a row are drawn: by instance, or where there is room. */
  function lanes(group) {
    if (group.lanes) {
      return group.lanes;
    }
    group.lanes = [];
    if (state.mode === 'task') {
      let last = -1;
      group.items.forEach(attempt => {
        if (data.index[attempt] !== last) {
          group.lanes.push([]);
          last = data.index[attempt];
        }
        group.lanes[group.lanes.length - 1].push(attempt);
      });
    } else {
      const spans = group.items.map(attempt => {
        const known = [1, 2, 3].filter(phase => has(attempt, phase));
        return known.length === 0 ? null
          : [begins(attempt, known[0]), ends(attempt, known[known.length - 1]), attempt];
      }).filter(span => span).sort((a, b) => a[0] - b[0]);
      const free = [];
      spans.forEach(span => {
        let lane = free.findIndex(end => end <= span[0]);
        if (lane < 0) {
          lane = free.push(0) - 1;
          group.lanes.push([]);
        }
        free[lane] = span[1];
        group.lanes[lane].push(span[2]);
      });
    }
    return group.lanes;
  }

  /** Of very many lines only those are drawn of which something has its place in the shown time. */
  function shownLanes(group) {
    const all = lanes(group);
    return all.length <= MOST_LANES ? all : all.filter(lane => lane.some(isPlacedInView));
  }

  function isPlacedInView(attempt) {
    return [1, 2, 3].some(phase => has(attempt, phase)
      && begins(attempt, phase) <= state.to && ends(attempt, phase) >= state.from);
  }

  // ---- layout ----

  let labelled = '';

  function layout() {
    width = view.clientWidth;
    const isPrint = printing.matches;
    left = width < 640 ? 110 : 210;
    let y = 0;
    modes[state.mode].forEach(group => {
      group.y = y;
      group.height = BAND;
      if (group.open && !isPrint) {
        group.shown = shownLanes(group);
        group.laneHeight = group.shown.length <= MOST_LANES ? 14 : 5;
        group.height += group.shown.length * group.laneHeight + 6;
      }
      y += group.height;
    });
    const limit = isPrint ? LONGEST_PRINT : Math.max(160, Math.floor(innerHeight * 0.7));
    height = Math.min(y, limit);
    scroller.style.height = height + 'px';
    plot = Math.max(50, scroller.clientWidth - left - 8);
    filler.style.height = (y - height) + 'px';
    labels.style.width = left + 'px';
    const buttons = modes[state.mode].map(label);
    if (labelled !== state.mode) {
      labels.replaceChildren(...buttons);
      labelled = state.mode;
    }
    size(axis, AXIS);
    size(canvas, height);
    const style = getComputedStyle(document.documentElement);
    ['page', 'raised', 'ink', 'quiet', 'line', 'link', 'failed', 'hatch', ...PHASES]
      .forEach(name => { colours[name] = style.getPropertyValue('--' + name).trim(); });
    draw();
  }

  function size(of, h) {
    of.width = Math.round(width * devicePixelRatio);
    of.height = Math.round(h * devicePixelRatio);
    of.style.width = width + 'px';
    of.style.height = h + 'px';
    of.getContext('2d').setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  }

  function label(group) {
    const button = group.button || document.createElement('button');
    if (!group.button) {
      group.button = button;
      button.type = 'button';
      make('b', button).append(make('span', button), make('bdi', button));
      const small = make('small', button);
      small.textContent = '\u2264 ' + number(group.placed) + ' at once'
        + (group.waiting > 0 ? ', \u2264 ' + number(group.waiting) + ' waiting' : '');
      button.querySelector('bdi').textContent = group.name;
      button.title = group.name;
      button.addEventListener('click', () => {
        group.open = !group.open;
        layout();
        button.focus();
      });
    }
    button.setAttribute('aria-expanded', String(group.open));
    button.querySelector('span').textContent = group.open ? '\u25be ' : '\u25b8 ';
    button.style.height = BAND + 'px';
    button.style.width = left + 'px';
    return button;
  }

  // ---- drawing ----

  const x = time => left + (time - state.from) / (state.to - state.from) * plot;
  const time = at => state.from + (at - left) / plot * (state.to - state.from);

  /** Colours alone do not tell phases apart, on paper above all: two of them are hatched. */
  function paint(pen, phase) {
    if (phase !== 1 && phase !== 3) {
      return colours[PHASES[phase]];
    }
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const tilePen = tile.getContext('2d');
    tilePen.fillStyle = colours[PHASES[phase]];
    tilePen.fillRect(0, 0, 6, 6);
    tilePen.strokeStyle = colours.hatch;
    tilePen.lineWidth = 1.4;
    tilePen.beginPath();
    for (let i = -6; i <= 6; i += 6) {
      tilePen.moveTo(i, phase === 1 ? 6 : 0);
      tilePen.lineTo(i + 6, phase === 1 ? 0 : 6);
    }
    tilePen.stroke();
    return pen.createPattern(tile, 'repeat');
  }

  let asked = false;

  /** Draws with the next frame, however often it is asked for until then. */
  function redraw() {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        if (modes[state.mode].some(group => group.open && lanes(group).length > MOST_LANES)) {
          layout();
        } else {
          draw();
        }
      });
    }
  }

  function draw() {
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, width, height);
    const top = scroller.scrollTop;
    const ticks = drawAxis();
    pen.fillStyle = colours.line;
    ticks.forEach(tick => pen.fillRect(Math.round(x(tick)), 0, 1, height));
    const paints = PHASES.map((name, phase) => paint(pen, phase));
    modes[state.mode].forEach(group => {
      // The label of a row whose beginning is out of sight stays beside what can be seen of it.
      const seen = Math.min(Math.max(group.y, top), group.y + group.height - BAND);
      group.button.style.top = seen + 'px';
      if (group.y + group.height < top || group.y > top + height) {
        return;
      }
      pen.save();
      pen.translate(0, group.y - top);
      pen.fillStyle = colours.line;
      pen.fillRect(0, group.height - 1, width, 1);
      if (group.open && state.mode === 'task' && !printing.matches) {
        drawIndexes(pen, group, top - group.y);
      }
      pen.beginPath();
      pen.rect(left, 0, plot + 8, group.height);
      pen.clip();
      drawBand(pen, group, paints);
      if (group.open && !printing.matches) {
        drawLanes(pen, group, paints, top - group.y);
      }
      pen.restore();
    });
    pen.fillStyle = colours.quiet;
    pen.fillRect(left - 1, 0, 1, height);
    view.dataset.drawn = state.mode;
  }

  function drawAxis() {
    const pen = axis.getContext('2d');
    pen.clearRect(0, 0, width, AXIS);
    pen.fillStyle = colours.raised;
    pen.fillRect(0, 0, width, AXIS);
    pen.fillStyle = colours.ink;
    pen.font = '12px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    pen.fillText(local(Math.max(0, state.from)).slice(0, 10), 8, AXIS / 2);
    const wanted = (state.to - state.from) / plot * 95;
    const step = STEPS.find(each => each >= wanted) || STEPS[STEPS.length - 1];
    const zone = data.zero + offset(state.from);
    const ticks = [];
    for (let at = Math.ceil((state.from + zone) / step) * step - zone; at <= state.to; at += step) {
      ticks.push(at);
      const text = step >= DAY ? local(at).slice(5, 10)
        : step >= MINUTE ? local(at).slice(11, 16)
        : step >= SECOND ? local(at).slice(11, 19) : local(at).slice(11, 23);
      if (x(at) + pen.measureText(text).width < width) {
        pen.fillText(text, x(at) + 4, AXIS / 2);
      }
      pen.fillRect(Math.round(x(at)), AXIS - 7, 1, 7);
    }
    return ticks;
  }

  /** How many attempts are in a phase, on the average over each pixel. */
  function coverage(items, phase) {
    const bins = new Float64Array(Math.ceil(plot) + 1);
    const steps = new Float64Array(bins.length + 1);
    const scale = plot / (state.to - state.from);
    items.forEach(attempt => {
      if (!(length(attempt, phase) > 0)) {
        return;
      }
      const a = Math.max(0, (begins(attempt, phase) - state.from) * scale);
      const b = Math.min(plot, (ends(attempt, phase) - state.from) * scale);
      if (b <= a) {
        return;
      }
      const first = Math.floor(a);
      const last = Math.floor(b);
      if (first === last) {
        bins[first] += b - a;
      } else {
        bins[first] += first + 1 - a;
        bins[last] += b - last;
        steps[first + 1] += 1;
        steps[last] -= 1;
      }
    });
    let sum = 0;
    for (let i = 0; i < bins.length; i++) {
      sum += steps[i];
      bins[i] += sum;
    }
    return bins;
  }

  function drawBand(pen, group, paints) {
    const waiting = coverage(group.items, WAITING);
    area(pen, waiting, null, (WAIT - 3) / Math.max(1, group.waiting), WAIT, paints[WAITING]);
    const room = BAND - PLACED - 4;
    const scale = room / Math.max(1, group.placed);
    let below = null;
    [2, 1, 3].forEach(phase => {
      const counts = coverage(group.items, phase);
      if (below) {
        for (let i = 0; i < counts.length; i++) {
          counts[i] += below[i];
        }
      }
      area(pen, counts, below, scale, BAND - 4, paints[phase]);
      below = counts;
    });
    pen.fillStyle = colours.failed;
    let last = -10;
    group.items.filter(attempt => data.failed[attempt]).map(attempt => Math.round(x(endOf(attempt))))
      .sort((a, b) => a - b).forEach(at => {
        if (at - last >= 3) {
          pen.beginPath();
          pen.moveTo(at - 4, MARKS);
          pen.lineTo(at + 4, MARKS);
          pen.lineTo(at, MARKS + 7);
          pen.fill();
          last = at;
        }
      });
  }

  /** Of what is known the last moment before the logs were published. */
  function endOf(attempt) {
    const phase = [2, 1, 0].find(each => has(attempt, each));
    return phase === undefined ? 0 : ends(attempt, phase);
  }

  /** What is between two lines; something that is there at all can be seen. */
  function area(pen, upper, lower, scale, base, fill) {
    pen.fillStyle = fill;
    pen.beginPath();
    for (let i = 0; i < upper.length; i++) {
      const from = lower ? lower[i] : 0;
      if (upper[i] > from) {
        const h = Math.max(1, (upper[i] - from) * scale);
        pen.rect(left + i, base - from * scale - h, 1, h);
      }
    }
    pen.fill();
  }

  /** The lines that can be seen, from one to before another. */
  function inSight(group, above) {
    const h = group.laneHeight;
    return [Math.max(0, Math.floor((above - BAND) / h)),
      Math.min(group.shown.length, Math.ceil((above + height - BAND) / h) + 1)];
  }

  /** Which instance a line is about, where there is room to say it. */
  function drawIndexes(pen, group, above) {
    const [first, last] = inSight(group, above);
    const each = Math.ceil(11 / group.laneHeight);
    pen.fillStyle = colours.quiet;
    pen.font = '10px system-ui, sans-serif';
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (let lane = Math.ceil(first / each) * each; lane < last; lane += each) {
      pen.fillText(data.index[group.shown[lane][0]], left - 6, BAND + (lane + 0.5) * group.laneHeight);
    }
    pen.textAlign = 'left';
  }

  function drawLanes(pen, group, paints, above) {
    const all = group.shown;
    const h = group.laneHeight;
    const [first, last] = inSight(group, above);
    for (let lane = first; lane < last; lane++) {
      const y = BAND + lane * h;
      all[lane].forEach(attempt => {
        for (let phase = state.mode === 'task' ? 0 : 1; phase < 4; phase++) {
          if (!has(attempt, phase) || ends(attempt, phase) < state.from || begins(attempt, phase) > state.to) {
            continue;
          }
          const a = Math.max(left - 2, x(begins(attempt, phase)));
          const b = Math.min(left + plot + 10, x(ends(attempt, phase)));
          const thin = phase === WAITING ? h * 0.35 : 0;
          pen.fillStyle = paints[phase];
          if (length(attempt, phase) > 0) {
            pen.fillRect(a, y + 1 + thin, Math.max(1, b - a), h - 2 - 2 * thin);
          }
        }
        if (data.failed[attempt]) {
          pen.fillStyle = colours.failed;
          pen.fillRect(x(endOf(attempt)) - 1, y, 3, h);
        }
        if (attempt === state.selected) {
          const known = [0, 1, 2, 3].filter(phase => has(attempt, phase));
          if (known.length > 0) {
            const a = x(begins(attempt, known[0]));
            pen.strokeStyle = colours.ink;
            pen.lineWidth = 2;
            pen.strokeRect(a - 1, y, Math.max(4, x(ends(attempt, known[known.length - 1])) - a + 2), h);
          }
        }
      });
    }
  }

  // ---- moving about ----

  function show(from, to) {
    const span = Math.min(Math.max(to - from, 10), whole * 1.02);
    const start = Math.min(Math.max(from, -whole * 0.01), whole * 1.01 - span);
    state.from = start;
    state.to = start + span;
    redraw();
  }

  function zoom(factor, at) {
    const middle = at === undefined ? (state.from + state.to) / 2 : at;
    show(middle - (middle - state.from) * factor, middle + (state.to - middle) * factor);
  }

  function move(share) {
    const by = (state.to - state.from) * share;
    show(state.from + by, state.to + by);
  }

  function tell(attempt) {
    said.textContent = story(attempt).join(' \u2014 ');
  }

  /** Selects an attempt, and brings it into view. */
  function select(attempt) {
    const group = modes[state.mode].find(each => each.items.includes(attempt));
    state.selected = attempt;
    group.open = true;
    if (!isPlacedInView(attempt)) {
      show(0, whole);
    }
    layout();
    const lane = group.shown.findIndex(each => each.includes(attempt));
    const y = group.y + BAND + Math.max(0, lane) * group.laneHeight;
    if (y < scroller.scrollTop || y + group.laneHeight > scroller.scrollTop + height) {
      scroller.scrollTop = y - height / 2;
    }
    tell(attempt);
    redraw();
  }

  function step(by) {
    const group = modes[state.mode].find(each => each.items.includes(state.selected))
      || modes[state.mode].find(each => each.open) || modes[state.mode][0];
    const at = group.items.indexOf(state.selected) + by;
    select(group.items[Math.min(Math.max(at, 0), group.items.length - 1)]);
  }

  function search() {
    const parts = find.value.trim().split('/');
    const index = Number(parts.pop());
    const task = parts.length > 0 ? data.tasks.indexOf(parts.join('/')) : data.tasks.length === 1 ? 0 : -1;
    let found = -1;
    for (let i = 0; i < attempts; i++) {
      if (data.task[i] === task && data.index[i] === index) {
        found = i; // the last attempt of it
      }
    }
    if (found < 0) {
      said.textContent = 'No attempt of an instance \u201c' + find.value + '\u201d; ask for task/index.';
    } else {
      setMode('task');
      select(found);
    }
  }

  function setMode(mode) {
    if (state.mode === mode) {
      return;
    }
    state.mode = mode;
    document.querySelector('input[name=mode][value=' + mode + ']').checked = true;
    scroller.scrollTop = 0;
    layout();
  }

  /** The attempt at a place, or what a row tells of a moment. */
  function at(px, py) {
    const y = py + scroller.scrollTop;
    const group = modes[state.mode].find(each => y >= each.y && y < each.y + each.height);
    if (!group || px < left) {
      return null;
    }
    const moment = time(px);
    const slack = (state.to - state.from) / plot;
    if (y < group.y + BAND) {
      const counts = PHASES.map((name, phase) => name + ' ' + number(group.items.filter(attempt =>
        has(attempt, phase) && begins(attempt, phase) <= moment && ends(attempt, phase) > moment).length));
      return { lines: [group.name + ' at ' + clock(moment), counts.join(', ')], attempt: -1 };
    }
    const lane = group.shown[Math.floor((y - group.y - BAND) / group.laneHeight)] || [];
    const attempt = lane.find(each => [0, 1, 2, 3].some(phase => has(each, phase)
      && begins(each, phase) - slack <= moment && ends(each, phase) + slack >= moment));
    return attempt === undefined ? null : { lines: story(attempt), attempt };
  }

  let drag = null;
  scroller.addEventListener('pointerdown', event => {
    if (event.target === canvas && event.button === 0) {
      drag = { x: event.clientX, from: state.from, to: state.to, moved: false };
      canvas.setPointerCapture(event.pointerId);
    }
  });
  scroller.addEventListener('pointermove', event => {
    if (drag) {
      const by = (drag.x - event.clientX) / plot * (drag.to - drag.from);
      drag.moved = drag.moved || Math.abs(drag.x - event.clientX) > 3;
      show(drag.from + by, drag.to + by);
      return;
    }
    const box = canvas.getBoundingClientRect();
    const found = event.target === canvas ? at(event.clientX - box.left, event.clientY - box.top) : null;
    hint.hidden = !found;
    if (found) {
      hint.textContent = found.lines.join('\n');
      const outer = view.getBoundingClientRect();
      const px = event.clientX - outer.left + 14;
      hint.style.left = Math.max(0, Math.min(px, width - hint.offsetWidth - 4)) + 'px';
      const py = event.clientY - outer.top + 16;
      const over = py + hint.offsetHeight > outer.height;
      hint.style.top = (over ? py - 28 - hint.offsetHeight : py) + 'px';
    }
  });
  const drop = event => {
    if (drag && !drag.moved && event.type === 'pointerup') {
      const box = canvas.getBoundingClientRect();
      const found = at(event.clientX - box.left, event.clientY - box.top);
      if (found && found.attempt >= 0) {
        state.selected = found.attempt;
        tell(found.attempt);
        redraw();
      }
    }
    drag = null;
  };
  scroller.addEventListener('pointerup', drop);
  scroller.addEventListener('pointercancel', drop);
  scroller.addEventListener('pointerleave', () => { hint.hidden = true; });
  scroller.addEventListener('dblclick', event => {
    if (event.target === canvas) {
      zoom(0.4, time(event.clientX - canvas.getBoundingClientRect().left));
    }
  });
  scroller.addEventListener('wheel', event => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, time(event.clientX - canvas.getBoundingClientRect().left));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      move(((event.deltaX || event.deltaY) > 0 ? 1 : -1) * 0.08);
    }
  }, { passive: false });
  scroller.addEventListener('scroll', redraw);

  const actions = {
    in: () => zoom(0.5),
    out: () => zoom(2),
    earlier: () => move(-0.3),
    later: () => move(0.3),
    whole: () => show(0, whole),
    find: search,
  };
  const keys = {
    '+': actions.in, '=': actions.in, '-': actions.out, '0': actions.whole,
    ArrowLeft: () => move(-0.1), ArrowRight: () => move(0.1), ',': () => step(-1), '.': () => step(1),
  };
  scroller.addEventListener('keydown', event => {
    if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.querySelectorAll('[data-do]').forEach(button =>
    button.addEventListener('click', actions[button.dataset.do]));
  document.querySelectorAll('input[name=mode]').forEach(input =>
    input.addEventListener('change', () => setMode(input.value)));
  find.addEventListener('keydown', event => {
    if (event.key === 'Enter') {
      search();
    }
  });
  document.querySelectorAll('button.show').forEach(button => {
    button.hidden = false;
    button.addEventListener('click', () => {
      setMode('task');
      select(Number(button.dataset.attempt));
      document.getElementById('timeline').scrollIntoView();
      scroller.focus({ preventScroll: true });
    });
  });

  document.getElementById('timeline-tools').hidden = false;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', layout);
  printing.addEventListener('change', layout);
  new ResizeObserver(() => {
    if (view.clientWidth !== width) {
      layout();
    }
  }).observe(view);
  layout();
  // A job of one row has room to show its attempts at once.
  if (modes.task.length === 1 && attempts <= MOST_LANES) {
    modes.task[0].open = true;
    layout();
  }
})();
