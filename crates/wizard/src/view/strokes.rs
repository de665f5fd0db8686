//! Characters as strokes, to be drawn at any size: a console has letters of one size only, and no one reads those from a
//! door. Those of the sign, and no others.

/// A line through points of a square that is 100 wide and 100 high, from its upper left corner.
type Stroke = &'static [(i16, i16)];

const CIRCLE: &[Stroke] = &[&[
    (50, 4),
    (68, 8),
    (83, 17),
    (92, 32),
    (96, 50),
    (92, 68),
    (83, 83),
    (68, 92),
    (50, 96),
    (32, 92),
    (17, 83),
    (8, 68),
    (4, 50),
    (8, 32),
    (17, 17),
    (32, 8),
    (50, 4),
]];
const TRIANGLE: &[Stroke] = &[&[(50, 6), (97, 94), (3, 94), (50, 6)]];
const CROSS: &[Stroke] = &[&[(8, 8), (92, 92)], &[(92, 8), (8, 92)]];

/// How a character is written; `None` for one that no sign has.
fn strokes(letter: char) -> Option<&'static [Stroke]> {
    Some(match letter {
        '○' => CIRCLE,
        '△' => TRIANGLE,
        '×' => CROSS,
        '完' => &[
            &[(50, 0), (50, 14)],
            &[(10, 34), (10, 15), (90, 15), (90, 34)],
            &[(28, 38), (72, 38)],
            &[(8, 58), (92, 58)],
            &[(38, 58), (34, 80), (8, 98)],
            &[(62, 58), (62, 96), (94, 96), (94, 82)],
        ],
        '了' => &[&[(14, 10), (84, 10), (52, 38), (52, 96), (28, 96)]],
        '要' => &[
            &[(4, 6), (96, 6)],
            &[(12, 25), (88, 25), (88, 46), (12, 46), (12, 25)],
            &[(38, 6), (38, 46)],
            &[(62, 6), (62, 46)],
            &[(4, 66), (96, 66)],
            &[(44, 50), (28, 82), (88, 99)],
            &[(72, 66), (58, 86), (10, 99)],
        ],
        '対' => &[
            &[(28, 2), (28, 22)],
            &[(2, 22), (54, 22)],
            &[(44, 22), (32, 62), (2, 96)],
            &[(8, 42), (52, 92)],
            &[(58, 32), (99, 32)],
            &[(84, 2), (84, 96), (66, 96)],
            &[(62, 50), (70, 66)],
        ],
        '応' => &[
            &[(54, 0), (54, 15)],
            &[(98, 15), (14, 15), (14, 60), (2, 98)],
            &[(33, 54), (24, 86)],
            &[(46, 38), (46, 94), (82, 94), (82, 78)],
            &[(58, 34), (68, 54)],
            &[(84, 46), (97, 76)],
        ],
        '失' => &[
            &[(28, 2), (12, 38)],
            &[(22, 24), (86, 24)],
            &[(4, 54), (96, 54)],
            &[(50, 2), (50, 54), (38, 78), (4, 98)],
            &[(52, 56), (96, 98)],
        ],
        '敗' => &[
            &[(6, 6), (44, 6), (44, 68), (6, 68), (6, 6)],
            &[(6, 27), (44, 27)],
            &[(6, 47), (44, 47)],
            &[(16, 72), (2, 98)],
            &[(34, 72), (48, 98)],
            &[(68, 2), (54, 38)],
            &[(62, 22), (99, 22)],
            &[(88, 22), (78, 62), (52, 98)],
            &[(60, 40), (98, 98)],
        ],
        'A' => &[&[(4, 98), (50, 2), (96, 98)], &[(24, 64), (76, 64)]],
        'C' => &[&[(94, 24), (76, 4), (26, 4), (6, 24), (6, 76), (26, 96), (76, 96), (94, 76)]],
        'D' => &[&[(8, 4), (8, 96), (68, 96), (94, 72), (94, 28), (68, 4), (8, 4)]],
        'E' => &[&[(92, 4), (8, 4), (8, 96), (92, 96)], &[(8, 50), (78, 50)]],
        'F' => &[&[(92, 4), (8, 4), (8, 98)], &[(8, 50), (78, 50)]],
        'I' => &[&[(50, 2), (50, 98)], &[(22, 4), (78, 4)], &[(22, 96), (78, 96)]],
        'L' => &[&[(8, 2), (8, 96), (92, 96)]],
        'M' => &[&[(4, 98), (4, 4), (50, 60), (96, 4), (96, 98)]],
        'N' => &[&[(6, 98), (6, 4), (94, 96), (94, 2)]],
        'O' => &[&[(26, 4), (74, 4), (94, 24), (94, 76), (74, 96), (26, 96), (6, 76), (6, 24), (26, 4)]],
        'P' => &[&[(8, 98), (8, 4), (72, 4), (92, 18), (92, 40), (72, 54), (8, 54)]],
        'T' => &[&[(4, 4), (96, 4)], &[(50, 4), (50, 98)]],
        _ => return None,
    })
}

/// A character in its place, in columns and half rows: those of a console are about as wide as high.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    strokes: &'static [Stroke],
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

/// What part of a character's place is left free around it, and how thick its strokes are.
const MARGIN: f32 = 0.08;
const THICK: f32 = 0.105;
/// In half rows.
const LEAST_HEIGHT: f32 = 26.0;
/// In columns: thinner strokes have holes.
const LEAST: f32 = 1.15;

impl Placed {
    /// A character at a place of this size, as high as `height` allows and `width` makes sensible; `None` for one that
    /// cannot be drawn.
    pub(super) fn new(letter: char, left: f32, top: f32, width: f32, height: f32) -> Option<Self> {
        let strokes = strokes(letter)?;
        // Letters are higher than wide. A kanji fills a square, but a small one is drawn out, or its strokes run together.
        let most = match letter {
            '○' | '△' | '×' => width,
            _ if letter.is_ascii() => width * 1.6,
            _ => width.max((width * 1.35).min(LEAST_HEIGHT)),
        };
        let used = height.min(most);
        let (inner_width, inner_height) = (width * (1.0 - 2.0 * MARGIN), used - width * 2.0 * MARGIN);
        let (left, top) = (left + width * MARGIN, top + (height - inner_height) / 2.0);
        Some(Self { strokes, left, top, width: inner_width, height: inner_height })
    }

    /// Whether its ink covers a point.
    pub(super) fn covers(&self, x: f32, y: f32) -> bool {
        let reach = (self.width * THICK).max(LEAST) / 2.0;
        let at = |&(across, down): &(i16, i16)| {
            (
                self.left + f32::from(across) / 100.0 * self.width,
                self.top + f32::from(down) / 100.0 * self.height,
            )
        };
        self.strokes.iter().any(|stroke| {
            stroke.windows(2).any(|ends| match ends {
                [from, to] => distance((x, y), at(from), at(to)) <= reach,
                _ => false,
            })
        })
    }
}

/// How far a point is from a line between two.
fn distance((x, y): (f32, f32), (from_x, from_y): (f32, f32), (to_x, to_y): (f32, f32)) -> f32 {
    let (along_x, along_y) = (to_x - from_x, to_y - from_y);
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 { ((x - from_x) * along_x + (y - from_y) * along_y) / length } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    (x - from_x - share * along_x).hypot(y - from_y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_as_far_from_a_line_as_from_its_nearest_end_beyond_it() {
        for (point, far) in [((5.0, 3.0), 3.0), ((-3.0, 4.0), 5.0), ((10.0, 0.0), 0.0)] {
            assert!((distance(point, (0.0, 0.0), (10.0, 0.0)) - far).abs() < 1e-5, "{point:?}");
        }
        assert!((distance((3.0, 4.0), (0.0, 0.0), (0.0, 0.0)) - 5.0).abs() < 1e-5, "a line without length");
    }

    #[test]
    fn every_stroke_lies_in_its_square_and_has_a_length() {
        for letter in "○△×完了要対応失敗ACDEFILMNOPT".chars() {
            for stroke in strokes(letter).unwrap() {
                assert!(stroke.len() > 1, "{letter}");
                assert!(
                    stroke.iter().all(|(x, y)| (0..=100).contains(x) && (0..=100).contains(y)),
                    "{letter}"
                );
            }
        }
        assert_eq!(strokes('駄'), None);
    }
}
