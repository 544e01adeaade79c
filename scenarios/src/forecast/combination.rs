//! Several models, each as probable.

use super::frame::Frame;
use super::{Forecast, Random};

/// A mixture of what several models foresee, in equal parts.
///
/// No model is the true one; a mixture of good ones does better than the best of them, whose lead was
/// partly luck (Bates & Granger, *The Combination of Forecasts*, Operational Research Quarterly 20
/// (1969) 451–468; for distributions Hall & Mitchell, *Combining Density Forecasts*, International
/// Journal of Forecasting 23 (2007) 1–13).
pub struct Combination {
    /// What they foresee.
    pub members: Vec<Box<dyn Forecast>>,
}

impl Forecast for Combination {
    fn means(&self, frame: &Frame, means: &mut [f64]) {
        let mut own = vec![0.0; means.len()];
        means.fill(0.0);
        for member in &self.members {
            member.means(frame, &mut own);
            for (mean, own) in means.iter_mut().zip(&own) {
                *mean += own / self.members.len() as f64;
            }
        }
    }

    fn path(&self, frame: &Frame, random: &mut Random, path: &mut [f64]) {
        let member = &self.members[random.below(self.members.len())];
        member.path(frame, random, path);
    }
}
